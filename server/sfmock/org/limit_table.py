"""The keys of `/limits` and their maxima in a Developer Edition org, as recorded at v60.0 in 2026 (rest.md 5.1)."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock.versions import (
    ASYNC_TESTS_LIMIT,
    BULK_BATCHES_LIMIT,
    BULK_QUERY_LIMITS,
    DURABLE_STREAMING_LIMITS,
    Change,
    Version,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One key: its maximum, and the change that brought or removed it."""

    maximum: int
    since: Change | None = None
    until: Change | None = None

    def present(self, version: Version) -> bool:
        """Whether `/limits` of a version has the key."""
        if self.until is not None and version.has(self.until):
            return False
        return self.since is None or version.has(self.since)


MAXIMA = {
    "AnalyticsExternalDataSizeMB": Entry(40_960),
    "CdpAiInferenceApiMonthlyLimit": Entry(500_000_000),
    "ConcurrentAsyncGetReportInstances": Entry(200),
    "ConcurrentEinsteinDataInsightsStoryCreation": Entry(5),
    "ConcurrentEinsteinDiscoveryStoryCreation": Entry(2),
    "ConcurrentSyncReportRuns": Entry(20),
    "ContentDistBandwidthLimitMB": Entry(51_200),
    "ContentDistViewLimit": Entry(50_000),
    "ContentPublicationLimit": Entry(2500),
    "DailyAnalyticsDataflowJobExecutions": Entry(60),
    "DailyAnalyticsUploadedFilesSizeMB": Entry(51_200),
    "DailyApexCursorLimit": Entry(10_000),
    "DailyApexCursorRowsLimit": Entry(100_000_000),
    "DailyApexPCursorLimit": Entry(200_000),
    "DailyApiRequests": Entry(15_000),
    "DailyAsyncApexExecutions": Entry(250_000),
    "DailyAsyncApexTests": Entry(500, since=ASYNC_TESTS_LIMIT),
    "DailyBulkApiBatches": Entry(15_000, since=BULK_BATCHES_LIMIT),
    "DailyBulkApiRequests": Entry(15_000, until=BULK_BATCHES_LIMIT),
    "DailyBulkV2QueryFileStorageMB": Entry(976_562, since=BULK_QUERY_LIMITS),
    "DailyBulkV2QueryJobs": Entry(10_000, since=BULK_QUERY_LIMITS),
    "DailyDeliveredPlatformEvents": Entry(10_000),
    "DailyDurableGenericStreamingApiEvents": Entry(10_000, since=DURABLE_STREAMING_LIMITS),
    "DailyDurableStreamingApiEvents": Entry(10_000, since=DURABLE_STREAMING_LIMITS),
    "DailyEinsteinDataInsightsStoryCreation": Entry(1000),
    "DailyEinsteinDiscoveryOptimizationJobRuns": Entry(25),
    "DailyEinsteinDiscoveryPredictAPICalls": Entry(50_000),
    "DailyEinsteinDiscoveryPredictionsByCDC": Entry(500_000),
    "DailyEinsteinDiscoveryStoryCreation": Entry(100),
    "DailyFunctionsApiCallLimit": Entry(50_000),
    "DailyGenericStreamingApiEvents": Entry(10_000),
    "DailyMetadataRetrievesWithDependencies": Entry(25),
    "DailyServiceEmailAgentforceCalls": Entry(5000),
    "DailyStandardVolumePlatformEvents": Entry(10_000),
    "DailyStreamingApiEvents": Entry(10_000),
    "DailyWorkflowEmails": Entry(8040),
    "DataStorageMB": Entry(5),
    "DurableStreamingApiConcurrentClients": Entry(20, since=DURABLE_STREAMING_LIMITS),
    "ExternalServicesActiveObjects": Entry(3000),
    "ExternalServicesActiveOperations": Entry(3000),
    "ExternalServicesObjectProperties": Entry(400_000),
    "ExternalServicesObjects": Entry(10_000),
    "ExternalServicesOperations": Entry(10_000),
    "ExternalServicesRegistrations": Entry(700),
    "FileStorageMB": Entry(20),
    "HourlyAsyncReportRuns": Entry(1200),
    "HourlyDashboardRefreshes": Entry(200),
    "HourlyDashboardResults": Entry(5000),
    "HourlyDashboardStatuses": Entry(999_999_999),
    "HourlyElevateAsyncReportRuns": Entry(1200),
    "HourlyElevateSyncReportRuns": Entry(500),
    "HourlyLongTermIdMapping": Entry(100_000),
    "HourlyManagedContentPublicRequests": Entry(50_000),
    "HourlyODataCallout": Entry(1000),
    "HourlyPublishedPlatformEvents": Entry(50_000),
    "HourlyPublishedStandardVolumePlatformEvents": Entry(1000),
    "HourlyShortTermIdMapping": Entry(100_000),
    "HourlySyncReportRuns": Entry(500),
    "HourlyTimeBasedWorkflow": Entry(1000),
    "MassEmail": Entry(10),
    "MaxContentDocumentsLimit": Entry(30_000_000),
    "MonthlyEinsteinDiscoveryStoryCreation": Entry(500),
    "Package2VersionCreates": Entry(6),
    "Package2VersionCreatesWithoutValidation": Entry(500),
    "PermissionSets": Entry(1500),
    "PlatformEventTriggersWithParallelProcessing": Entry(5),
    "PrivateConnectOutboundCalloutHourlyLimitMB": Entry(0),
    "PublishCallbackUsageInApex": Entry(5_242_880),
    "ScheduledFlowRunLimit": Entry(250_000),
    "ScheduledPathRunLimit": Entry(250_000),
    "SingleEmail": Entry(15),
    "StreamingApiConcurrentClients": Entry(20),
}
"""Alphabetical, as the body is. `DailyApiRequests` alone moves by itself: every counted call takes one."""
