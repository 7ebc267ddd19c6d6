"""An approved plan becomes a project; before that, the same without a write."""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from rockets_graph.events import Note, Reporter
from rockets_graph.from_doc.proposal import Proposal
from rockets_graph.ledger import PLAN_FILE, read_state
from rockets_graph.options import Options
from rockets_graph.orchestrate import MakeTools, orchestrate
from rockets_graph.report import Report
from rockets_graph.toolbox import Toolbox
from rockets_tools.documents.provenance import write_provenance
from rockets_tools.files import STATE_FOLDER, ProjectFiles

EDITED_PLAN = f"{STATE_FOLDER}/plan.edited.json"
"""The last plan in force with a person's edits that its successor does without."""


def rehearse(proposal: Proposal, options: Options, environment: Mapping[str, str]) -> Report:
    """The run's own checks, and its dry run, on the project or on a fresh one elsewhere."""
    if options.scripts is not None:
        from rockets_tools.scripts import Scripts

        Scripts.find(options.scripts)
    with tempfile.TemporaryDirectory(prefix="rockets-from-doc-") as scratch:
        project = options.project
        if proposal.place.is_new:
            from rockets_tools.project import new_project

            project = Path(scratch, "project")
            new_project(project)
        else:
            read_state(ProjectFiles(project))
        planned = orchestrate(
            replace(
                options,
                project=project,
                spec=spec_file(scratch, proposal),
                dry_run=True,
                resume=False,
            ),
            environment=environment,
        )
    if planned.mode == "team" and not options.dry_run:
        from rockets_graph.crew.staff import read_staff

        files = None if proposal.place.is_new else ProjectFiles(options.project)
        read_staff(files, options).require_key()
    return planned


def make(
    proposal: Proposal,
    options: Options,
    emit: Reporter,
    *,
    environment: Mapping[str, str],
    make_tools: MakeTools,
) -> Report:
    """The project, if there is none, and the run; the first writes."""
    project = options.project
    if proposal.place.is_new:
        from rockets_tools.project import new_project

        written = new_project(project)
        emit(Note(text=f"wrote a new project, {len(written)} files: {project}"))

    def tools(files: ProjectFiles, options: Options) -> Toolbox:
        """Made when the run holds the project's lock: the first moment to write there."""
        if proposal.place.adoption is not None:
            adopt_project(files, options, emit)
        if proposal.undone:
            files.write(EDITED_PLAN, files.read(PLAN_FILE) or "")
        document = proposal.draft.document
        if document.kept_text:
            files.write(document.kept_text, document.text)
        write_provenance(files, proposal.provenance())
        return make_tools(files, options)

    drafted = proposal.draft.drafted
    with tempfile.TemporaryDirectory(prefix="rockets-from-doc-") as scratch:
        return orchestrate(
            replace(
                options,
                spec=spec_file(scratch, proposal),
                approved_hash=proposal.plan.hash,
                spent=drafted.budget.model_dump(mode="json") if drafted is not None else {},
            ),
            emit,
            make_tools=tools,
            environment=environment,
        )


def adopt_project(files: ProjectFiles, options: Options, emit: Reporter) -> None:
    """Give a project that did not come from `rockets new` what the steps need."""
    from rockets_tools.project.adopt import adopt, renew_lock

    done = adopt(files)
    made = f"{len(done.written)} files written, {len(done.wired)} files wired"
    emit(Note(text=f"took over the project: {made}"))
    if not done.lock_outdated:
        return
    if options.needs_node:
        from rockets_tools.node import find_node

        emit(Note(text="renewing package-lock.json"))
        renew_lock(files, find_node())
    else:
        emit(Note(text="package-lock.json is outdated; run npm install"))


def spec_file(folder: str, proposal: Proposal) -> Path:
    """The plan's text where only we can write, read at once by the run."""
    spec = Path(folder, "plan.json")
    with open(spec, "w", encoding="utf-8", newline="") as stream:
        stream.write(proposal.text)
    return spec
