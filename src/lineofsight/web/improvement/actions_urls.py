"""Addresses of actions: the lists, one action, and the forms by which somebody says how it stands."""

from django.urls import path

from lineofsight.web.improvement import action_views as one
from lineofsight.web.improvement import actions_views as lists
from lineofsight.web.improvement import clearing_views as clearing
from lineofsight.web.improvement import proof_views as proof

paths = [
    path("actions/", lists.actions, name="actions"),
    path("actions/exceptions/", lists.exceptions, name="exceptions"),
    path("actions/mine/", lists.mine, name="mine"),
    path("actions/ask/", lists.ask, name="ask"),
    path("actions/clear/", clearing.clear, name="clear"),
    path("actions/<uuid:key>/", one.action, name="action"),
    path("actions/<uuid:key>/say/", one.say, name="say"),
    path("actions/<uuid:key>/colour/", one.colour, name="colour"),
    path("actions/<uuid:key>/rule/", one.rule, name="rule"),
    path("actions/<uuid:key>/mitigation/", one.mitigation, name="mitigation"),
    path("actions/<uuid:key>/owners/", one.owners, name="owners"),
    path("actions/<uuid:key>/deadline/", one.deadline, name="deadline"),
    path("actions/<uuid:key>/finding/", one.finding, name="action-finding"),
    path("actions/<uuid:key>/measure/", one.measure, name="measure"),
    path("actions/<uuid:key>/reopen/", one.reopen, name="reopen"),
    path("actions/<uuid:key>/proof/", proof.ask, name="proof"),
    path("actions/<uuid:key>/proof/<int:number>/look/", proof.look, name="proof-look"),
    path("actions/<uuid:key>/proof/<int:number>/drop/", proof.drop, name="proof-drop"),
    path("actions/<uuid:key>/close/", proof.close, name="close"),
]
