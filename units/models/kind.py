"""What kinds of unit there are, and which may stand below which."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    PROVINCE = "province", _("province")
    CITY = "city", _("city")
    COUNTY = "county", _("county or district")
    TOWNSHIP = "township", _("township or subdistrict")
    VILLAGE = "village", _("village or community")
    ZONE = "zone", _("functional zone")
    DEPARTMENT = "department", _("department")
    STATION = "station", _("grass-roots station")


K = Kind
# What each kind may stand below. Bodies without a code stand where an office needs them.
PARENTS: dict[str, tuple[Kind, ...]] = {
    K.PROVINCE: (),
    K.CITY: (K.PROVINCE,),
    K.COUNTY: (K.PROVINCE, K.CITY),
    K.ZONE: (K.PROVINCE, K.CITY, K.COUNTY, K.TOWNSHIP),
    K.TOWNSHIP: (K.CITY, K.COUNTY, K.ZONE),
    K.VILLAGE: (K.COUNTY, K.ZONE, K.TOWNSHIP),
    K.DEPARTMENT: (K.PROVINCE, K.CITY, K.COUNTY, K.ZONE, K.TOWNSHIP, K.DEPARTMENT),
    K.STATION: (K.CITY, K.COUNTY, K.ZONE, K.TOWNSHIP, K.VILLAGE, K.DEPARTMENT),
}
# Levels of government come from the table of divisions; these are added by hand.
ADDABLE = (K.ZONE, K.DEPARTMENT, K.STATION, K.VILLAGE)
# Kinds that have a division code, each with the end that GB/T 10114 gives to its codes; a city
# without districts repeats its code one level down.
CODES: dict[str, str] = {
    K.PROVINCE: "0000000000",
    K.CITY: "00000000",
    K.COUNTY: "000000",
    K.TOWNSHIP: "000",
    K.VILLAGE: "",
}
# What a unit of each kind may be merged into 撤并.
SUCCESSORS: dict[str, tuple[Kind, ...]] = {
    K.PROVINCE: (),
    K.CITY: (K.CITY,),
    K.COUNTY: (K.COUNTY, K.ZONE),
    K.TOWNSHIP: (K.TOWNSHIP, K.ZONE),
    K.VILLAGE: (K.VILLAGE,),
    K.ZONE: (K.ZONE, K.COUNTY, K.TOWNSHIP),
    K.DEPARTMENT: (K.DEPARTMENT, K.STATION),
    K.STATION: (K.STATION, K.DEPARTMENT),
}
