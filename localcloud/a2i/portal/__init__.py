"""The worker portal: where the people of a workforce take tasks and answer them."""

from localcloud.a2i.portal.app import create_app

__all__ = ["create_app"]
