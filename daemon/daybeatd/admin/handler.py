"""Routes each request of the person's tool to the function that answers it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from daybeatd import host
from daybeatd.admin import history, preview, rights, status
from daybeatd.admin.context import Context
from daybeatd.admin.sending import Sending
from daybeatd.control import Reply
from daybeatd.core import enforcement


class Admin:
    """`settle` takes in all that clients have handed over so far, and the choices, before a person is told numbers."""

    def __init__(self, context: Context, sending: Sending, settle: Callable[[], None]) -> None:
        self._context = context
        self._settle = settle
        self._answers: dict[str, Callable[[Context, str, Reply], None]] = {
            "status": status.answer,
            "preview": preview.answer,
            "send": sending.answer,
            "history": history.answer,
            "export": rights.export,
            "forget": rights.forget,
        }
        # Of products, too, that are not known.
        self._open_answers: dict[str, Callable[[Context, str, Reply], None]] = {"policy": _policy, "look": _look}

    def handle(self, request: dict[str, Any], reply: Reply) -> None:
        """Answer one request: {"do": …, "product": name or ""}. A fault of the asker's is {"error": words}."""
        do, product = str(request.get("do")), request.get("product", "")
        answer = self._answers.get(do) or self._open_answers.get(do)
        if answer is None or not isinstance(product, str):
            reply({"error": "this daemon does not know that request; is it older than the tool?"})
            return
        self._settle()
        if product and product not in self._context.ledger.products and do in self._answers:
            reply({"error": f"nothing is known of {product}: none of its processes has reported yet"})
        elif do == "preview" and request.get("sink"):
            preview.dry_run(self._context, product, str(request["sink"]), reply)
        else:
            answer(self._context, product, reply)


def _policy(context: Context, product: str, reply: Reply) -> None:
    """The policy under which `daybeat count` reports."""
    declared = context.ledger.latest(product)
    reply({"packed": declared.packed if declared is not None else b""})


def _look(context: Context, product: str, reply: Reply) -> None:
    """The recorded choices changed, and were looked at before this. Who is kept on all the same?"""
    products = context.products(product) if product in context.ledger.products or not product else []
    kept_on = {each.name: host.names(enforcement.kept_on(context.ledger, each.name)) for each in products}
    # After what off deletes has gone from the disk.
    context.keeper.ask(lambda _: None, lambda _: reply({"kept_on": kept_on}))
