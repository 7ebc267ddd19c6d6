"""Take over a project that did not come from `rockets new`."""

from rockets_tools.project.adopt.adoption import Adoption, adopt, plan_adoption
from rockets_tools.project.adopt.lock import renew_lock

__all__ = ["Adoption", "adopt", "plan_adoption", "renew_lock"]
