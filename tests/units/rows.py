from units.models import Unit


def row_urls(cast) -> dict[str, dict]:
    """刘家塘村: below 上墅乡 and 安吉县, and below no unit of those who must not open it."""
    village = {"pk": Unit.objects.get(name="刘家塘村").pk}
    names = ("detail", "edit", "correct", "move", "merge", "close")
    return {f"units:{name}": village for name in names}
