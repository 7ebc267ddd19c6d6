"""The graph: which nodes there are. Where each may go stands in its return type."""

# LangGraph's methods have parameters without a type (`Command[Unknown]`, `Runnable[..., Any]`).
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false

from typing import TypeAlias

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from rockets_graph.context import Context
from rockets_graph.nodes.approve import approve
from rockets_graph.nodes.bootstrap import bootstrap
from rockets_graph.nodes.builder import builder
from rockets_graph.nodes.generate import generate
from rockets_graph.nodes.generator import generator
from rockets_graph.nodes.integrate import integrate
from rockets_graph.nodes.lead_dispatch import lead_dispatch
from rockets_graph.nodes.lead_plan import lead_plan
from rockets_graph.nodes.lead_report import lead_report
from rockets_graph.nodes.migrate import migrate
from rockets_graph.nodes.noncrud import noncrud
from rockets_graph.nodes.reviewer import reviewer
from rockets_graph.nodes.tester import tester
from rockets_graph.nodes.validate import validate
from rockets_graph.state import RunState
from rockets_graph.watch import watched

Team: TypeAlias = CompiledStateGraph[RunState, Context, RunState, RunState]


def build_graph(checkpointer: BaseCheckpointSaver[str] | None = None) -> Team:
    """Compile the one graph that both casts play; the mode in the state says which."""
    graph = StateGraph(RunState, context_schema=Context)
    graph.add_node("lead_plan", watched(lead_plan, "lead_plan"))
    graph.add_node("approve", watched(approve, "approve"))
    graph.add_node("bootstrap", watched(bootstrap, "bootstrap"))
    graph.add_node("lead_dispatch", watched(lead_dispatch, "lead_dispatch"))
    graph.add_node("generate", watched(generate, "generate"))
    graph.add_node("integrate", watched(integrate, "integrate"))
    graph.add_node("validate", watched(validate, "validate"))
    graph.add_node("generator", watched(generator, "generator"))
    graph.add_node("reviewer", watched(reviewer, "reviewer"))
    graph.add_node("noncrud", watched(noncrud, "noncrud"))
    graph.add_node("migrate", watched(migrate, "migrate"))
    graph.add_node("tester", watched(tester, "tester"))
    graph.add_node("builder", watched(builder, "builder"))
    graph.add_node("lead_report", watched(lead_report, "lead_report"))
    graph.add_edge(START, "lead_plan")
    return graph.compile(checkpointer=checkpointer)
