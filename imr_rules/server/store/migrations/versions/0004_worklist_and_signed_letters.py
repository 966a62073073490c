"""One letter a case, frozen when it is signed; the worklist is searched and ordered by the store."""

import json
import zlib
from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and list what is stored already. Letters begun item by item begin anew."""
    op.drop_table("letters")
    op.create_table(
        "letters",
        sa.Column("screening", sa.String(32), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("written", sa.String(27), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "signed_letters",
        sa.Column("screening", sa.String(32), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String(71), nullable=False),
        sa.Column("signed", sa.String(27), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    worklist = op.create_table(
        "worklist",
        sa.Column("screening", sa.String(32), primary_key=True),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("due", sa.String(10)),
        sa.Column("words", sa.Text, nullable=False),
        sa.Index("worklist_of_a_tenant", "tenant", "due"),
    )
    records = sa.table("records", *map(sa.column, ("screening", "tenant", "case_id", "body", "result")))
    connection = op.get_bind()
    for row in connection.execute(sa.select(records)).fetchall():
        case = json.loads(zlib.decompress(row.body))
        result = json.loads(zlib.decompress(row.result))
        said = [row.screening, row.case_id or ""]
        for item in result.get("items", ()):
            said += [str(item.get(name) or "") for name in ("item", "service", "treatment")]
        entry = {
            "screening": row.screening,
            "tenant": row.tenant,
            "due": _due(case),
            "words": " ".join(said).replace("_", " ").casefold(),
        }
        connection.execute(sa.insert(worklist), entry)


def _due(case: object) -> str | None:
    """Return the apparent day as this version reckoned it: 30 days from the application, 3 where expedited."""
    application = case.get("application") if isinstance(case, dict) else None
    said = (application.get("received") or application.get("date")) if isinstance(application, dict) else None
    try:
        day = date.fromisoformat(str(said))
    except ValueError:
        return None
    assert isinstance(case, dict)
    return str(day + timedelta(days=3 if case.get("priority") == "expedited" else 30))


def downgrade() -> None:
    """Go back to letters item by item; letters that were written since are lost, sign-offs are not."""
    op.drop_table("worklist")
    op.drop_table("signed_letters")
    op.drop_table("letters")
    op.create_table(
        "letters",
        sa.Column("screening", sa.String(32), primary_key=True),
        sa.Column("item", sa.String(64), primary_key=True),
        sa.Column("outcome", sa.String(16), primary_key=True),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("written", sa.String(27), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
