from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class MentoringConfig(AppConfig):
    """The roof as an app: for commands that know every room, such as the demo."""

    name = "mentoring"


class Assets(StaticFilesConfig):
    """Collects only what the pages load; npm packages ship each file in many builds."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.rtl*",
        "*.scss",
        "*.json",
        "*.d.ts",
        "bootstrap-[gru]*",
        "bootstrap.css*",
        "bootstrap.js*",
        "bootstrap.min.js*",
        "bootstrap.bundle.js*",
        "bootstrap.esm*",
        "bootstrap-icons.css",
        "cjs",
        "esm",
        "scss",
        "types",
        "js/plugins",
        "tom-select.base*",
        "tom-select.popular*",
        "tom-select.complete.js*",
        "tom-select.bootstrap4*",
        "tom-select.default*",
        "tom-select.css*",
        "tom-select.min.css*",
        "tom-select.bootstrap5.css*",
        "ext",
        "extension",
        "echarts.js*",
        "echarts.[ces]*",
        "htmax*",
        "htmx-4*",
    ]
