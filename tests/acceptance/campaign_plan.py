"""Settings, posts and papers of the river federation, as somebody else would have written them."""

from __future__ import annotations

# ruff: noqa: E501 - expressions stand on one line

CAMPAIGN = """\
# Rios Vivos: o que queremos, a quem, quando
id: rios-vivos
title: Rios Vivos – Levende Elver
language: pt
timezone: Europe/Lisbon
sender:
  name: "Inês Åkerlund, Rios Vivos"
  email: ines@rios-vivos.example
  reply_to: respostas@rios-vivos.example
  signature: |
    Inês Åkerlund
    Federação Rios Vivos / Levende Elver
  postal_address: Rua do Açude 7, 4000-001 Porto
attachments:
  brief: {file: materials/policy-brief.pdf, version: "2.10"}
  mapa: materials/mapa.png
  ficha: {file: "materials/Ficha técnica – ação.pdf"}
links:
  brief: https://rios-vivos.example/brief?lang=pt&v=2
  mapa: https://rios-vivos.example/mapa
facts: {annual_funding: "12,5 milhões de euros & mais", barriers: 1 200 000}
accounts:
  mail:
    transport: outbox
    inbox: {folder: mailbox}
  bluesky: {service: https://bsky.social, handle: rios-vivos.example}
  mastodon: {server: https://rios.example}
calendar:
  days: [tue, wed, thu]
  hours: 09:00-17:00
  holidays: [PT, NO]
  avoid:
    - {from: 12-20, to: 01-06, why: Natal}
    - {from: 08-01, to: 08-31, why: agosto}
  prefer:
    - {from: 03-01, to: 03-31}
  recipient_time: true
pace: {per_hour: 12, per_day: 30, gap: 60s-120s}
waves:
  - id: municipios
    to: "kind == 'institution' and country == 'PT'"
    template: [{if: "'piloto' in tags", use: piloto}, {use: municipio}]
    start: 2026-03-03
    until: 2026-05-29
  - id: kommuner
    to: "kind == 'institution' and country == 'NO'"
    template: municipio
    start: 2026-03-04
  - id: ngos
    to: "kind in ['organisation', 'project'] or id == 'quintelar-amigos'"
    template: ong
    after: {wave: municipios, delay: 5d, or: "contacts['uniao-rios'].answered"}
    follow_up: {after: 14d, template: seguimento, times: 2, to: "tier < 2", needs: "posts['arranque'].mastodon.likes >= 10"}
  - id: imprensa
    to: "kind == 'media'"
    template: imprensa
    start: 2026-03-10
    needs: "decision('imprensa') in ['sim', 'sim-forte'] and posts['arranque'].likes + posts['arranque'].reposts > 5"
  - id: ciencia
    to: "kind == 'research' or eu"
    template: ciencia
    start: 2026-03-17
    until: 2026-06-30
    needs: "checklist('lancamento') and count('answered', tier=0) >= 1 or date('2026-04-01')"
  - id: pessoas
    to: "kind == 'person' and tier < 3"
    template: pessoa
    start: 2026-03-24
follow_up: {after: 14d, template: seguimento, times: 1, to: "kind != 'person'"}
decisions:
  - {id: imprensa, ask: Escrever à imprensa?, after: arranque + 3d, by: 2026-03-09, choices: [nao, rever, sim, sim-forte]}
approval: required
legal: {basis: legitimate-interest, interest: rios sem barreiras inúteis, assessment: docs/assessment.md, keep_for: 2y}
transparency_id: "123456789012-34"
goals:
  - {name: primeira linha respondeu, is: "count('answered', tier=0)", target: 3, by: 2026-05-01}
  - {name: contactados, is: "count('contacted')", target: 20, by: 2026-06-01}
digest: {at: 08:00}
fill_links: [README.md]
"""

ARRANQUE = """\
---
networks: [bluesky, mastodon]
at: 2026-03-03T09:00
hashtags: {bluesky: [RiosVivos], mastodon: [RiosVivos, LevendeElver]}
media:
  - {file: materials/mapa.png, alt: Mapa das barreiras, focus: "0.0,0.5"}
language: pt
---
Hoje começa {{ campaign.title }} 🌊 com @{uniao-rios} no {{ network }}.

Pedimos 1 barreira por município.
---
O documento: {{ links.brief }}
"""

ARRANQUE_MASTODON = """\
---
content_warning: rios
visibility: public
---
Hoje começa Rios Vivos no Mastodon, com @{uniao-rios} 🌊

O documento: {{ links.brief }}
"""

INQUERITO = """\
---
networks: [mastodon, x]
window: {from: 2026-03-10, to: 2026-03-20, days: [tue, wed], hours: 10:00-12:00, timezone: Europe/Oslo}
after: {post: arranque, delay: 2d}
needs: "posts['arranque'].likes >= 5"
language: pt
---
Quantas barreiras tem o teu rio?
---
Diz-nos em {{ links.mapa }}
"""

LONGO = (
    """\
---
networks: [bluesky]
window: {from: 2026-04-07, to: 2026-04-16}
split: auto
---
"""
    + "".join(f"Frase número {number} sobre um rio que corre devagar até ao mar. " for number in range(1, 14))
    + "\n"
)

CARTAO = """\
---
networks: [bluesky, mastodon]
at: 2026-04-08T10:30
card: https://rios-vivos.example/mapa
---
O mapa está pronto. {% if network == 'bluesky' %}Boa tarde, Bluesky.{% else %}Boa tarde, Fediverso.{% endif %}
"""

REDDIT = """\
---
networks: [reddit]
window: {from: 2026-03-10, to: 2026-03-12, hours: 14:00-18:00}
community: r/portugal
titles: ["Contámos 1 200 000 barreiras nos rios", "Porque há tantos açudes?"]
link: https://rios-vivos.example/mapa
---
## O que fizemos

- contámos **barreiras**
- falámos com [municípios]({{ links.brief }})

---

Depois da linha o texto continua inteiro.
"""

LISTA = """\
---
networks: [mailing-list, linkedin, hackernews]
at: 2026-03-05T11:00
titles: [Rivers without barriers]
link: https://rios-vivos.example/brief
---
Dear list, we counted {{ facts.barriers }} barriers.
"""

POST_FILES: dict[str, str] = {
    "posts/arranque.md": ARRANQUE,
    "posts/arranque.mastodon.md": ARRANQUE_MASTODON,
    "posts/inquerito.md": INQUERITO,
    "posts/longo.md": LONGO,
    "posts/cartao.md": CARTAO,
    "posts/r-portugal.md": REDDIT,
    "posts/lista.md": LISTA,
}

PAPERS: dict[str, str] = {
    "README.md": "# Rios Vivos\n\nO anúncio: [link when posted]\n",
    "docs/assessment.md": "# Interesse legítimo\n\nEscrevemos só a endereços de função.\n",
    "notes/municipios.md": "# Notas\n\nNunca enviar isto.\n",
    "checklists/lancamento.md": "# Lançamento\n\n- [ ] imprimir mapas\n- [x] avisar Oslo\n",
    "mailbox/.gitkeep": "",
}
