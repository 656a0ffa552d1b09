"""Builds the app: settings, extensions, errors, surfaces, reactions."""

from __future__ import annotations

import importlib
import pkgutil

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import app as package
from app.api.page import init_page
from app.api.public.document import blueprint as document
from app.api.public.health import blueprint as health
from app.api.public.sandbox_pay import blueprint as sandbox_pay
from app.api.public.sandbox_shop import blueprint as sandbox_shop
from app.cli import register_commands
from app.core.application import Application
from app.core.extensions import cache, compress, db, jwt, limiter, migrate
from app.core.headers import init_headers
from app.core.jobs import init_celery
from app.core.logs import init_logs
from app.core.metrics import init_metrics
from app.core.openapi import DocumentedApi
from app.core.problems import register_problem_handlers
from app.core.readiness import init_readiness
from app.core.start import faults_at_start
from app.core.strict_json import StrictProvider
from app.core.transaction import prepare_engine
from app.reactions import register_reactions
from app.schedule import SCHEDULE
from config import ROOT, ConfigurationError, Settings

SURFACES = ("public", "account", "admin", "sponsor", "influencer")


def create_app(settings: Settings | None = None) -> Flask:
    """A ready application. Raises ConfigurationError on settings that cannot be used."""
    settings = settings or Settings.from_env()
    settings.home.mkdir(parents=True, exist_ok=True)
    app = Application(__name__, static_folder=None, root_path=str(ROOT / "app"))
    app.config.update(settings.to_flask())
    app.json_provider_class = StrictProvider
    app.json = StrictProvider(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    import_models()
    init_logs(app, settings)
    _init_extensions(app)
    init_celery(app, settings, SCHEDULE)
    init_readiness(app)
    init_metrics(app)
    register_problem_handlers(app)
    _register_surfaces(app)
    init_headers(app, settings)
    init_page(app, settings)
    register_reactions()
    register_commands(app)
    return app


def create_server(settings: Settings | None = None) -> Flask:
    """The application as web server and workers run it; `create_app` is for everything else.

    In production it raises ConfigurationError also on a broker or a schema that cannot be used.
    """
    app = create_app(settings)
    if app.config["ACCORD"].env == "production":
        with app.app_context():
            faults = faults_at_start()
        if faults:
            raise ConfigurationError("\n".join(faults))
    return app


def import_models() -> None:
    """Import every module that declares tables or jobs, so that metadata and jobs are whole."""
    for module in pkgutil.iter_modules(package.__path__):
        if module.ispkg and module.name not in ("api", "cli"):
            path = f"{package.__name__}.{module.name}"
            names = {
                found.name for found in pkgutil.iter_modules(importlib.import_module(path).__path__)
            }
            for name in ("models", "tasks"):
                if name in names:
                    importlib.import_module(f"{path}.{name}")


def _init_extensions(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    migrate.init_app(
        app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True
    )
    jwt.init_app(app)
    cache.init_app(app)
    limiter.init_app(app)
    compress.init_app(app)


def _register_surfaces(app: Flask) -> None:
    api = DocumentedApi(app)
    for surface in SURFACES:
        path = f"app.api.{surface}"
        for module in pkgutil.iter_modules(importlib.import_module(path).__path__):
            importlib.import_module(f"{path}.{module.name}")
        api.register_blueprint(importlib.import_module(f"{path}.blueprint").blueprint)
    app.register_blueprint(health)
    app.register_blueprint(document)
    app.register_blueprint(sandbox_pay)
    app.register_blueprint(sandbox_shop)
