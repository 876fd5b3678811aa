"""Activity fields that time alone changes, and what a backup brought along."""

from __future__ import annotations

from datetime import UTC, datetime

from sfmock.org.org import Org
from sfmock.org.record import Record


def _deal(org: Org, due: str) -> str:
    deal = org.insert("Opportunity", {"Name": "O", "StageName": "Prospecting", "CloseDate": due})
    org.insert("Task", {"WhatId": deal.id, "ActivityDate": due})
    return deal.id


def test_a_task_becomes_overdue_when_its_day_is_over_where_the_organization_is(org: Org) -> None:
    org.clock.freeze(datetime(2024, 1, 2, 7, 59, tzinfo=UTC))  # 1 January, 23:59 in Los Angeles
    deal = _deal(org, "2024-01-01")
    assert org.get(deal)["HasOverdueTask"] is False
    org.clock.advance(minutes=1)

    assert org.get(deal)["HasOverdueTask"] is True
    org.clock.travel(datetime(2024, 1, 1, tzinfo=UTC))
    assert org.get(deal)["HasOverdueTask"] is False


def test_a_query_sees_an_overdue_task_after_the_clock_moved(org: Org) -> None:
    org.clock.freeze(datetime(2024, 1, 1, 12, tzinfo=UTC))
    _deal(org, "2024-01-01")
    snapshot = org.snapshot()
    text = "SELECT HasOverdueTask FROM Opportunity"
    assert [each["HasOverdueTask"] for each in _records(org, text)] == [False]

    org.clock.advance(days=2)
    before = org.digest()

    assert [each["HasOverdueTask"] for each in _records(org, text)] == [True]
    assert org.digest() == before
    org.restore(snapshot)
    assert [each["HasOverdueTask"] for each in _records(org, text)] == [True]


def test_an_activity_date_of_a_backup_stays_until_a_later_task(org: Org) -> None:
    org.load({"Account": [{"Name": "A", "LastActivityDate": "2024-05-01"}]})
    account = _records(org, "SELECT Id FROM Account")[0].id

    task = org.insert(
        "Task", {"WhatId": account, "ActivityDate": "2024-01-01", "Status": "Completed"}
    )
    org.delete(task.id)

    assert str(org.get(account)["LastActivityDate"]) == "2024-05-01"


def test_a_task_leaves_the_stamps_of_the_record_it_is_about(org: Org) -> None:
    org.clock.freeze(datetime(2024, 1, 1, tzinfo=UTC))
    account = org.insert("Account", {"Name": "A"})
    org.clock.advance(hours=1)

    org.insert("Task", {"WhatId": account.id, "ActivityDate": "2024-01-01", "Status": "Completed"})

    assert org.get(account.id)["LastModifiedDate"] == account["LastModifiedDate"]


def test_an_event_counts_for_its_record_from_its_end_on(org: Org) -> None:
    org.clock.freeze(datetime(2024, 1, 1, 12, tzinfo=UTC))
    deal = org.insert(
        "Opportunity", {"Name": "O", "StageName": "Prospecting", "CloseDate": "2024-01-01"}
    ).id
    times = {"StartDateTime": "2024-01-01T18:00:00Z", "DurationInMinutes": 60}
    org.insert("Event", {"WhatId": deal, **times})
    org.clock.travel(datetime(2024, 1, 1, 18, 59, tzinfo=UTC))
    assert org.get(deal)["LastActivityDate"] is None
    assert org.get(deal)["HasOpenActivity"] is True

    org.clock.advance(minutes=1)

    assert str(org.get(deal)["LastActivityDate"]) == "2024-01-01"
    assert org.get(deal)["HasOpenActivity"] is False
    org.clock.travel(datetime(2024, 1, 1, 12, tzinfo=UTC))
    assert org.get(deal)["LastActivityDate"] is None
    assert org.get(deal)["HasOpenActivity"] is True


def test_a_whole_day_event_is_past_when_its_day_is_over_where_the_organization_is(org: Org) -> None:
    org.clock.freeze(datetime(2024, 1, 2, 7, 59, tzinfo=UTC))  # 1 January, 23:59 in Los Angeles
    account = org.insert("Account", {"Name": "A"}).id
    org.insert("Event", {"WhatId": account, "IsAllDayEvent": True, "ActivityDate": "2024-01-01"})
    assert org.get(account)["LastActivityDate"] is None

    org.clock.advance(minutes=1)

    assert str(org.get(account)["LastActivityDate"]) == "2024-01-01"


def _records(org: Org, text: str) -> list[Record]:
    found = org.query(text)
    assert isinstance(found, list)
    return found


def test_the_day_of_the_first_response_stays(org: Org) -> None:
    org.clock.freeze(datetime(2024, 1, 2, 7, 59, tzinfo=UTC))  # 1 January, 23:59 in Los Angeles
    campaign = org.insert("Campaign", {"Name": "C"})
    lead = org.insert("Lead", {"LastName": "L", "Company": "C"})
    fields = {"CampaignId": campaign.id, "LeadId": lead.id, "Status": "Responded"}
    member = org.insert("CampaignMember", fields)
    org.update(member.id, Status="Sent")
    org.clock.advance(days=3)

    org.update(member.id, Status="Responded")

    assert str(org.get(member.id)["FirstRespondedDate"]) == "2024-01-01"


def test_a_lead_that_changes_hands_keeps_the_day_and_is_unread(org: Org) -> None:
    org.clock.freeze(datetime(2024, 1, 2, 12, tzinfo=UTC))
    lead = org.insert("Lead", {"LastName": "L", "Company": "C"})

    moved = org.update(lead.id, OwnerId=org.user("Olga Owner").id)

    assert str(moved["LastTransferDate"]) == "2024-01-02"
    assert moved["IsUnreadByOwner"] is True
