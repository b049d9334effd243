"""What PySD drops, misreads or integrates otherwise than an XMILE file says is refused by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from refused import HEAD, NAMESPACE, SPECS, refusal, xmile
from sdcompile import compile
from sdcompile.errors import InputError

AUX = '<aux name="a"><eqn>1</eqn></aux>'
FLOW = '<flow name="f"><eqn>1</eqn></flow>'


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        (
            f'<stock name="s"><eqn>0</eqn><inflow>f</inflow><queue/></stock>{FLOW}',
            "line 5, s: <queue> in <stock>",
        ),
        (
            f'<stock name="s"><eqn>0</eqn><inflow>f</inflow><conveyor><len>3</len></conveyor></stock>{FLOW}',
            "line 5, s: <conveyor> in <stock> is not supported. Write the delay with",
        ),
        ('<stock name="s"><eqn>0</eqn><oven/></stock>', "<oven> in <stock>"),
        ('<aux name="a"><eqn>1</eqn><non_negative/></aux>', "<non_negative> in <aux>"),
        ('<flow name="f"><eqn>1</eqn><overflow/></flow>', "line 5, f: <overflow> in <flow>"),
        ('<flow name="f" multiplier="2"><eqn>1</eqn></flow>', 'multiplier="2" of <flow> is not supported'),
        ('<aux name="a"><eqn>1</eqn><maker:summing/></aux>', "line 5, a: <summing> in <aux>"),
        (f'{AUX}<module name="m"/>', "<module> in <variables> is not supported"),
        ('<aux name="a"></aux><aux name="b"><eqn>1</eqn></aux>', "line 5, a: it has no equation"),
        ('<aux name="a"><eqn> </eqn></aux>', "line 5, a: it has no equation"),
        ('<stock name="s"><inflow>f</inflow></stock>' + FLOW, "line 5, s: it has no equation"),
        (f"{AUX}\n{AUX}", "line 6, a: it is defined twice, on lines 5 and 6"),
        ('<aux name="a"><eqn>-2^2</eqn></aux>', "line 5, a: it is not clear whether the minus sign"),
        ('<aux name="a"><eqn>IF TIME &gt; 1 THEN -TIME^2 ELSE 0</eqn></aux>', "whether the minus sign"),
        ('<aux name="a"><eqn>2^3^2</eqn></aux>', "line 5, a: it is not clear which power"),
        (
            '<aux name="a"><eqn>7 MOD 3*2</eqn></aux>',
            "line 5, a: it is not clear what belongs to MOD",
        ),
        ('<aux name="a"><eqn>IF NOT TIME &gt; 1 THEN 1 ELSE 0</eqn></aux>', "it is not clear how far"),
        ('<aux name="a"><eqn>7 MOD 3 MOD 2</eqn></aux>', "it is not clear what belongs to MOD"),
        ('<aux name="a"><eqn>MAX(1, 2, 3)</eqn></aux>', "line 5, a: PySD cannot read its equation"),
        (
            '<aux name="a"><eqn>4 // 2</eqn></aux>',
            "PySD cannot read its equation: from ' // 2' on",
        ),
        ('<aux name="a"><eqn>1e400</eqn></aux>', "variable a: a number of it is too large"),
        (
            '<aux name="a"><eqn>TIME</eqn><gf type="smooth"><xpts>0,1</xpts><ypts>0,1</ypts></gf></aux>',
            "'smooth'",
        ),
        (
            '<aux name="a"><eqn>TIME</eqn><gf><xpts>0,1</xpts><ypts>0,x</ypts></gf></aux>',
            "is 'x', not a number",
        ),
        (
            '<aux name="a"><eqn>TIME</eqn><gf><xpts>0,1,2</xpts><ypts>0,1</ypts></gf></aux>',
            "not as many x as y",
        ),
        ('<aux name="a"><eqn>TIME</eqn><gf><ypts>0,1</ypts></gf></aux>', "its graph has no x"),
        ('<aux name="a"><eqn>TIME</eqn><gf><xpts>1,1</xpts><ypts>0,1</ypts></gf></aux>', "have the same x"),
        (
            '<aux name="a"><eqn>DELAY1(TIME)</eqn></aux>',
            "line 5, a: PySD cannot read its equation: a function",
        ),
        (
            '<aux name="saveper"><eqn>2</eqn></aux>',
            "line 5, saveper: it is not the <dt> of <sim_specs>",
        ),
        ('<aux name="FINAL TIME"><eqn>9</eqn></aux>', "it is not the <stop> of <sim_specs>"),
        (f'<stock name="s"><eqn>1</eqn><inflow>f</inflow><inflow>f</inflow></stock>{FLOW}', "one flow twice"),
        (
            '<stock name="s"><eqn>1</eqn><inflow>g</inflow><non_negative/></stock>',
            "variable s: there is no flow",
        ),
        ('<aux name="a"><eqn>1</eqn><eqn>2</eqn></aux>', "line 5, a: it has 2 equations"),
    ],
)
def test_an_xmile_file(tmp_path: Path, variables: str, said: str) -> None:
    assert said in xmile(tmp_path, variables)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('method="Euler"', 'method="RK4"', "line 3: the integration method 'RK4' is asked for"),
        ('method="Euler"', 'method="gear"', "the integration method 'gear' is asked for"),
        ("<dt>1</dt>", "", "<dt> is not one number"),
        ("<stop>4</stop>", "<stop>soon</stop>", "<stop> is not one number"),
        ("<dt>1</dt>", "<dt>1</dt><savestep>2</savestep>", "<savestep> in <sim_specs> is not supported"),
        ('time_units="Year"', 'maker:save_interval="2"', 'save_interval="2" is not the dt'),
        ('time_units="Year"', 'maker:instantaneous_flows="true"', "instantaneous_flows"),
    ],
)
def test_the_run_of_an_xmile_file(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in xmile(tmp_path, AUX, SPECS.replace(old, new))


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ('<dimensions><dim name="X"/></dimensions>', "dimension X has 0 elements and size ''"),
        ('<dimensions><dim name="X" size="2"/><dim name="X" size="3"/></dimensions>', "X is defined twice"),
        (
            '<dimensions><dim name="X" size="2"><elem name="p"/></dim></dimensions>',
            "has 1 elements and size '2'",
        ),
        (
            '<dimensions><dim name="X"><elem name="p"/><elem name="P"/></dim></dimensions>',
            "one element twice",
        ),
        ("<behavior><stock><queue/></stock></behavior>", "<queue> in <stock> is not supported"),
        ("<macro name='m'/>", "<macro> in <xmile> is not supported"),
        ("<data/>", "<data> in <xmile> is not supported"),
    ],
)
def test_the_rest_of_an_xmile_file(tmp_path: Path, before: str, said: str) -> None:
    assert said in xmile(tmp_path, AUX, before=before)


def test_a_graph_of_one_element(tmp_path: Path) -> None:
    dims = '<dimensions><dim name="X"><elem name="p"/></dim></dimensions>'
    graph = "<gf><xpts>0,1</xpts><ypts>0,1</ypts></gf>"
    variable = f'<aux name="a">{dims}<element subscript="p"><eqn>1</eqn>{graph}</element></aux>'
    assert "line 5, a: <gf> in <element> is not supported" in xmile(tmp_path, variable, before=dims)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD.format(namespace=NAMESPACE) + SPECS + "<model><variables>" + AUX, "it is not whole XML"),
        ("<xmile/>", "it is not an XMILE file with a namespace"),
        ("<!DOCTYPE xmile [<!ENTITY one '1'>]>\n<xmile/>", "it has a DOCTYPE"),
        ("", "it is not whole XML"),
    ],
)
def test_what_is_not_xmile(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "bad.xmile"
    path.write_text(text, encoding="utf-8")
    assert said in refusal(path)


def test_a_non_negative_stock_with_inflows_that_runs_short(tmp_path: Path) -> None:
    """XMILE does not say whether what flows in can flow on within the step."""
    stock = '<stock name="s"><eqn>{}</eqn><inflow>i</inflow><outflow>o</outflow><non_negative/></stock>'
    flows = '<flow name="i"><eqn>3</eqn></flow><flow name="o"><eqn>5</eqn></flow>'
    for start, end in ((100, 92.0), (6, None)):
        path = tmp_path / f"{start}.xmile"
        model = f"<model><variables>{stock.format(start)}{flows}</variables></model></xmile>"
        path.write_text(HEAD.format(namespace=NAMESPACE) + SPECS + model, encoding="utf-8")
        for engine in ("numpy", "c"):
            compiled = compile(path, outputs=["s"], engine=engine)
            if end is not None:
                assert compiled.run_array()[-1, 0, 0] == end
                continue
            with pytest.raises(InputError, match=r"variable s, time 2.*ask for more than it holds"):
                compiled.run_array()
