import time, cProfile, pstats
import pytest
pytestmark = pytest.mark.django_db(transaction=True)
from tests.disclosure.test_attacker import attacked, broken
def test_prof(plant, client_as):
    t=time.time(); plant(3); print("plant",time.time()-t); 
    for office, level in (("lead-member","pseudonymised"),("scrutiny","published")):
        t=time.time()
        seen, case = attacked(client_as, office, level); print("crawl", time.time()-t, len(seen.pages), len(seen.told)); 
        small=list(case.small_and_hidden()); print(len(small), len(case.attack.names), len(case.attack.rows))
        t=time.time()
        found,count=broken(case); print("solved",count, time.time()-t); print(found[:10], len(found))
