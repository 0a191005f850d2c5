"""The towns among the forty contacts: Portuguese municipalities and Norwegian kommuner."""

from __future__ import annotations

# ruff: noqa: E501 - one long YAML line is part of what somebody else may write

MUNICIPALITY = """\
id: camara-arruzela
name: Município de Arruzela
short: Arruzela
kind: institution
tier: 0
tags: [municipio, piloto, arruzela-tag]
country: PT
language: pt
timezone: Europe/Lisbon
website: https://arruzela.example/camara?ano=2026&lang=pt
owner: maria
stage: ready
channels:
  - {email: imprensa@arruzela.example, role: press}
  - {email: presidencia@arruzela.example, role: policy}
  - {email: geral@arruzela.example, role: general}
  - {form: "https://arruzela.example/contacto/"}
people:
  - {name: Rui Arruzela, role: Vereador do Ambiente, email: rui@arruzela.example}
personal_text: >-
  A vossa ponte sobre o Arruzela mostrou, em 2024, que uma
  margem devolvida ao rio custa menos do que um muro.
internal_notes: O presidente da câmara de Arruzela prefere o telefone (segredo nosso).
found_at: Sítio da câmara, página Arruzela
collected_on: 2025-11-30
do_not_contact: false
fields: {postcode: 01067, opens: 12:30, reference: 2026-02-01, state: NO, station: Arruzela-Gare}
"""

MUNICIPALITIES = """\
# Câmaras do norte e do centro
- id: camara-tordela
  name: Câmara Municipal de Tordela & Vale <Norte>
  kind: institution
  tier: 1
  tags: [municipio]
  country: PT
  channels: [{email: geral@tordela.example, role: general}]
  personal_text: O açude do Tordela <b>pode</b> sair & *ninguém* perde água; vejam [aqui](javascript:alert(1)).
  internal_notes: Tordela discutiu a barragem em privado.
  fields: {postcode: "4000-123", station: Tordela-Norte}
- name: '"Águas de Quelmira", Lda.'
  id: aguas-quelmira
  kind: institution
  tier: 1
  tags: [municipio, piloto]
  country: PT
  channels:
    - email: "geral@quelmira.example"
      role: general
  personal_text: 'O Quelmira, "rio de vidro", merece uma escada de peixes.'
  internal_notes: Quelmira tem eleições em maio.
  fields: {postcode: 00420, opens: 09:05, station: Quelmira}
- name: Vasconde 🐟 Rio Limpo
  kind: institution
  tier: 2
  tags: []
  country: PT
  language: pt
  channels: [{email: "rio+limpo@vasconde.example"}]
  personal_text: "Em Vasconde os miúdos contam trutas: 🐟🐟🐟."
  internal_notes: Vasconde paga tarde.
- id: camara-lizandra
  name: Câmara Municipal de Lizandra
  kind: institution
  tier: 1
  country: PT
  channels: [{form: "https://lizandra.example/fale-connosco"}]      # só formulário
  personal_text: A foz do Lizandra já tem plano.
  internal_notes: Lizandra nunca responde a correio.
- id: camara-montelar
  name: Câmara Municipal de Montelar
  kind: institution
  tier: 1
  country: PT
  do_not_contact: Pediram por telefone que não lhes escrevêssemos (Montelar)
  channels: [{email: geral@montelar.example}]
- id: camara-peneda-longarela
  name: Associação Intermunicipal para a Recuperação Ecológica, Paisagística e Hidrológica da Bacia do Alto Longarela e Afluentes
  short: AI Longarela
  kind: institution
  tier: 1
  country: PT
  channels: [{email: geral@longarela.example, role: general}]
  personal_text: |
    O Longarela nasce em dois concelhos.

    E o Longarela morre num terceiro.
  internal_notes: Longarela tem dívidas.
- id: freguesia-barrosmar
  name: Freguesia \\ Barrosmar _de Cima_ (50% *serra*)
  kind: institution
  tier: 2
  country: PT
  channels: [{email: junta@barrosmar.example}]
  internal_notes: Barrosmar é pequena.
- id: empresa-vilacota
  name: Empresa Municipal Vilacota
  kind: institution
  tier: 2
  country: PT
  via: camara-arruzela
  channels: [{email: geral@vilacota.example}]
  internal_notes: Vilacota fala pela câmara.
"""

KOMMUNE = """\
name: Brimelva kommune
id: brimelva-kommune
kind: institution
tier: 0
country: NO
language: nb
timezone: Europe/Oslo
website: https://brimelva.example/
channels:
  - {email: postmottak@brimelva.example, role: general}
  - {mastodon: "@brimelva@elver.example"}
people:
  - {name: Åse Brimelva, role: Ordfører, email: aase@brimelva.example}
personal_text: Brimelva åpnet elva under torget, og laksen kom tilbake på to år.
internal_notes: Brimelva har lovet svar til ordføreren.
fields: {postcode: 05003, opens: 08:00, station: Brimelva stasjon}
public_statement: {quote: "Brimelva støtter frie elver", url: "https://brimelva.example/nytt", agreed_on: 2025-12-01}
attachments: [mapa]
"""

KOMMUNER = """\
- {id: skarvaa, name: Skarvaa kommune, kind: institution, tier: 1, country: NO, language: nb, channels: [{email: post@skarvaa.example}], personal_text: "Skarvaa skal rive en demning: vi vil se på.", context: Skarvaa er uenig innad.}
- id: blaelv
  name: Blåelv kommune – Øvre Ælvdal
  kind: institution
  tier: 1
  country: "NO"
  language: nb
  channels: [{email: post@blåelv.example, role: general}]
  personal_text: Blåelv har Norges eldste fisketrapp.
  internal_notes: Blåelv bør ringes først.
- id: torrelva
  name: Torrelva kommune
  kind: institution
  tier: 1
  country: NO
  language: nn
  channels: [{email: post@torrelva.example}]
  personal_text: Torrelva tørka ut i 2018.
- id: lysfoss
  name: Lysfoss kommune
  kind: institution
  tier: 2
  country: NO
  language: nb
  channels: [{form: "https://lysfoss.example/skjema"}]
  internal_notes: Lysfoss svarer bare på skjema.
- id: krokbrua
  name: Krokbrua kommune
  kind: institution
  tier: 2
  country: NO
  language: nb
  stage: research
  find: Hvem i Krokbrua har ansvar for elva?
- id: gjelbekk
  name: Elv*stjerne* _Gjelbekk_ `kode`
  kind: institution
  tier: 2
  country: NO
  language: nb
  channels: [{email: list@gjelbekk.example, role: list}, {email: elv@gjelbekk.example, role: fish}]
- id: nordvassa
  name: Nordvassa fylke
  kind: institution
  tier: 1
  country: NO
  language: en
  channels: [{email: post@nordvassa.example, role: general}]
  personal_text: Nordvassa pays for three culverts a year.
  internal_notes: Nordvassa likes English.
"""
