from tests.tools.migrate.test_static_equals import *
from tests.tools.migrate.static_plans import *
import pytest
@pytest.mark.parametrize("f", [field("x",default="a\r\nb"), field("x","json",default=True), field("x","json",default="abc"), field("x","json",default=5), field("x","json",default={"a::b":"c::d"}), field("x","enum",enumValues=["a::b","c"],default="a::b"), field("x","json",default={"a":12345678901234567890,"b":1e21,"c":-0.0,"d":1e-7, "10":1,"9":2}), field("x",default="a\\b::c current_timestamp"),field("x",default="::' ::current_date"), field("x","text",default="CURRENT_TIMESTAMP"), field("x","json",default=[True,"it's::","\\"])], ids=str)
def test_p(compare, f):
    found,_=compare([plan_of(entity("A", f))])
    assert_equal(found)
del test_an_example, test_every_form, test_every_change, test_there_and_back
