"""The token request has its parameters in the URL, and every log on the way has the secrets."""

from small_client import SmallClient


class Client(SmallClient):
    def log_in(self) -> None:
        form = self.app | {"grant_type": "refresh_token", "refresh_token": self.refresh_token}
        self.take(self.post(f"{self.login_url}/services/oauth2/token", params=form))
