"""Templates of the river federation, as somebody else would have written them."""

from __future__ import annotations

# ruff: noqa: E501 - sentences stand on one line

MUNICIPIO = """\
---
subject: "Rios vivos: uma proposta para {{ contact.short | default(contact.name) }}"
attachments: [brief]
roles: [policy, general]
---
{# Comentário que ninguém vê #}
Exmos. Senhores de **{{ contact.name }}**,

{% if contact.personal_text is defined %}{{ contact.personal_text }}{% else %}Escrevemos a todos os municípios da bacia.{% endif %}

Pedimos *três* coisas:

1. retirar uma barreira sem uso,
2. ler o [documento de {{ attachments.brief.pages }} páginas]({{ links.brief }}),
3. responder até ao fim de maio.

{% if contact.fields is defined and contact.fields.postcode is defined -%}
> Código postal {{ contact.fields.postcode }}{% if contact.fields.opens is defined %}, aberto desde as {{ contact.fields.opens }}{% endif %}.
{%- endif %}

O custo anual é de {{ facts.annual_funding }}. O anexo tem {{ attachments.brief.pages }} páginas (versão {{ attachments.brief.version }}).

{{ sender.signature }}
{{ sender.postal_address }}
"""

MUNICIPIO_NB = """\
---
subject: "Levende elver: et forslag til {{ contact.name }} 🐟"
attachments: [brief]
---
# Kjære {{ contact.name }}

{% if contact.personal_text is defined %}{{ contact.personal_text }}{% endif %}

Vi ber om **tre ting**, som står i [notatet]({{ links.brief }}):

* riv én demning,
* mål vannet,
* svar oss før sommeren.

{% if contact.website is defined %}Vi leste [nettsiden deres]({{ contact.website }}).{% endif %}

Vennlig hilsen

{{ sender.signature }}
"""

MUNICIPIO_EN = """\
---
subject: "Living rivers: a proposal for {{ contact.name }}"
attachments: [brief]
---
Dear {{ contact.name }},

{{ contact.personal_text | default("We write to every town on the river.") }}

Our [brief]({{ links.brief }}) asks for one thing: take out one barrier.

{{ sender.signature }}
"""

MUNICIPIO_FORM = """\
---
subject: "Rios vivos e {{ contact.name }}"
---
Exmos. Senhores de {{ contact.name }},

{{ contact.personal_text | default("Escrevemos-vos pelo formulário.") }}

O documento está em {{ links.brief }}

{{ sender.signature }}
"""

PILOTO = """\
---
subject: "{{ contact.name }}: município-piloto?"
attachments: [brief, ficha]
reply_to: piloto@rios-vivos.example
---
{% set cumprimento = "Caros amigos de " ~ contact.name %}
{{ cumprimento }},

{{ contact.personal_text }}

A nossa equipa escreve-vos da campanha *{{ campaign.title }}* (vaga `{{ wave.id }}`).

{% for tag in contact.tags %}
- {{ tag | upper }}
{% endfor %}

Na [página do mapa]({{ links.mapa }}) está tudo. A estação é {{ contact.fields.station }}, código {{ contact.fields.postcode }}, aberta às {{ contact.fields.opens }}.

{{ sender.signature }}
"""

ONG = """\
---
subject: "{{ contact.name }} e os rios sem barreiras"
mentions: [uniao-rios]
unsubscribe: false
---
Olá {{ contact.short | default(contact.name) }},

{{ contact.personal_text | default("Juntem-se a nós.") }}

{% if contacts['uniao-rios'].contacted and contact.id != 'uniao-rios' %}Também escrevemos à União dos Rios Ibéricos.{% endif %}

{% if contact.fields is defined and contact.fields.founded is defined %}Desde {{ contact.fields.founded }}.{% endif %}

Leiam o [manifesto]({{ links.brief }}), falem com a União dos Rios Ibéricos e digam **sim**.

{{ sender.signature }}
"""

ONG_EN = """\
---
subject: "{{ contact.name }} and rivers without barriers"
attachments: [mapa]
---
Dear {{ contact.name }},

{% if contact.personal_text is defined %}{{ contact.personal_text }}{% else %}Join us.{% endif %}

{% if contact.fields.founded is defined %}You have been there since {{ contact.fields.founded }}.{% endif %}
{% if contact.fields.motto is defined %}“{{ contact.fields.motto }}” is a fine motto.{% endif %}

Tags we keep: {{ contact.tags | join(" + ") }}.

{{ sender.signature }}
"""

ONG_NB = """\
---
subject: "{{ contact.name }} og frie elver"
---
Hei {{ contact.name }},

{{ contact.personal_text }}

Les [manifestet]({{ links.brief }}).

{{ sender.signature }}
"""

ONG_FORM = """\
Olá {{ contact.name }},

{{ contact.personal_text | default("Juntem-se a nós.") }}

{{ links.brief }}
"""

ONG_MASTODON = """\
Olá {{ contact.name }}! {{ contact.personal_text }} Juntam-se ao manifesto? {{ links.brief }}
"""

IMPRENSA = """\
---
subject: "Para {{ contact.name }}: 1 200 000 barreiras nos rios"
roles: [press, general]
attachments: [brief, mapa]
---
Bom dia {{ contact.name }},

{{ contact.personal_text }}

Contamos {{ facts.barriers }} barreiras. O anúncio está em {{ posts['arranque'].url }}.

{{ sender.signature }}
"""

CIENCIA = """\
---
subject: "Dados de {{ contact.name }}"
roles: [research]
format: both
---
{% macro saudacao(nome) %}Caros colegas de {{ nome }}{% endmacro %}
{{ saudacao(contact.name) }},

{{ contact.personal_text }}

{% if contact.tags is defined and contact.tags %}Temas: {% for t in contact.tags %}{{ t }}{% if not loop.last %}, {% endif %}{% endfor %}.{% endif %}

{% if contact.eu is defined and contact.eu %}Registo de transparência: {{ campaign.transparency_id }}{% endif %}

Ver [mapa]({{ links.mapa }}) e <{{ links.brief }}>.

{{ sender.signature }}
"""

PESSOA = """\
---
subject: "Olá {{ contact.name }}"
format: text
---
Olá {{ contact.name }},

{{ contact.personal_text }}

Um abraço do *rio*, ver {{ links.mapa }}

{{ sender.signature }}
"""

SEGUIMENTO = """\
---
subject: "Ainda sobre os rios, {{ contact.name }}"
---
Caros {{ contact.name }},

Escrevemos há duas semanas (passo {{ step }}). Entretanto publicámos {{ posts['arranque'].url }}.

{% if contact.eu is defined and contact.eu and campaign.transparency_id %}Registo de transparência: {{ campaign.transparency_id }}{% endif %}

{{ sender.signature }}
"""

TEMPLATE_FILES: dict[str, str] = {
    "templates/municipio.md": MUNICIPIO,
    "templates/municipio.nb.md": MUNICIPIO_NB,
    "templates/municipio.en.md": MUNICIPIO_EN,
    "templates/municipio.form.md": MUNICIPIO_FORM,
    "templates/piloto.md": PILOTO,
    "templates/ong.md": ONG,
    "templates/ong.en.md": ONG_EN,
    "templates/ong.nb.md": ONG_NB,
    "templates/ong.form.md": ONG_FORM,
    "templates/ong.mastodon.md": ONG_MASTODON,
    "templates/imprensa.md": IMPRENSA,
    "templates/ciencia.md": CIENCIA,
    "templates/pessoa.md": PESSOA,
    "templates/seguimento.md": SEGUIMENTO,
}
