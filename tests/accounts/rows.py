from accounts.models import Grant


def row_urls(cast) -> dict[str, dict]:
    """The mentee's account and a leader's grant; the system administrator keeps accounts."""
    account = {"pk": cast.mentee.pk, "also_for": ("sysadmin",)}
    return {
        "accounts:detail": account,
        "accounts:edit": account,
        "accounts:reset": account,
        "accounts:switch": account,
        "accounts:grant": {"pk": cast.mentee.pk},
        "accounts:end_grant": {"pk": Grant.objects.get(user=cast.viewer).pk},
    }
