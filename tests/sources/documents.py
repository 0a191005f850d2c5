"""Notes as different people keep them."""

CONTACTS = """# Who to write to

Last updated: 3 November 2026

## Tier 0: Those who already talk to the council

### Hedge Alliance (HA)
**Context:** Works on hedges since 1998.

**Key People:**
- Director: Maria Example (knows the mayor well)

**Contact:**
- General: info@hedges.example
- Policy team: policy@hedges.example
- Press: press@hedges.example
- Website: https://hedges.example/contact/
- Address: Green Street 1, 1000 Brussels, Belgium

**Why them:** They drew the map.

**Your angle:** "Your map has a white spot: our street."

## Tier 5: Media

- **The Gardener** - tips@gardener.example
- Leaf Weekly (https://leaf.example/contact): editor@leaf.example

## Contacts to research

- **Road Office:** who looks after trees?
"""
KONTAKTE = """# Verteiler

Stand: 3. November 2026

## Stufe 1: Verbände

### Bienenbund (BB)
**Ansprechpartnerin:** Maria Muster (Leiterin), maria@bienen.example

**Kontakt:**
- Allgemein: info@bienen.example
- Presse: presse@bienen.example
- Webseite: https://bienen.example/kontakt

**Warum:** Sie zählen Bienen.

**Aufhänger:** „Ihre Zählung endet vor unserer Straße.“

## Stufe 2: Presse und Forschung

| Name | Art | E-Mail | Webseite | Aufhänger |
|---|---|---|---|---|
| Heckenblatt | Medien | redaktion@blatt.example | blatt.example | Ihre Serie |
| Institut für Grün (IfG) | Forschung | info@ifg.example, presse@ifg.example | https://ifg.example | |
"""
LETTERS = """# Letters

## Template A: For advocacy groups

**Subject:** Hedges for {Name}

**Body:**

Hello <<Company>>,

please read [link].

[Your name]

**Attachments:**
- hedges.pdf

## Template B: For media

Subject: A story about hedges

Dear editors,

it grows.

## Timing

**Best:**
- January 2-15

**Avoid:**
- Late December (24-31)
- August (summer break)

## Follow-up

**If no response after 2 weeks:**
- For organizations: one reminder
- For individuals: no follow-up
"""
VORLAGEN = """# Vorlagen

## Vorlage 1: Für Verbände

**Betreff:** Hecken für {Name}

**Text:**

Guten Tag {Name},

siehe [Link].

[Ihr Name]

## Zeitpunkt

- **Vermeiden:** 20. Dezember bis 6. Jänner (Ferien)
- **Am besten:** 10. bis 20. Januar
- **Uhrzeit:** 9-12 Uhr, Dienstag bis Donnerstag
"""
SOCIAL = """# Plan for social media

{dated}

## Reddit

Start in r/hedges.

**Title options:**
- Hedges for all: what did I miss?

```markdown
## Hedges

I want more hedges, please tell me where this breaks: [link]
```

## Bluesky

```
Post 1:
I would like to plant hedges in our street.

Post 2:
Ten neighbours are in. Read on: [link]
```

**Hashtags:** #Hedges #Streets

## Mastodon

Same thread format as Bluesky.

**Hashtags:** #Hedges

## Timeline

- **Jan 5-7:** Post to r/hedges
- **Jan 8-9:** Post to Bluesky and Mastodon
- **Jan 12:** Decide whether to go on

## Success

### Enough
- 50+ upvotes

**→ Write to the organisations**

### Failure
- 3 upvotes

**→ Don't write yet**

## Frequently asked questions

**Who pays?** Nobody.

## Checklist

- [ ] Leaflet printed
"""
RECIPE = """# Apple cake

## Ingredients

- 3 apples
- Flour: 200 g

| What | How much |
|---|---|
| Sugar | 100 g |

See https://cake.example/contact or ask chef@cake.example.
"""
README = """# mytool

## Installation

    pip install mytool

## Contact

Write to dev@mytool.example.

| Name | Role | Email |
|---|---|---|
| Jane Doe | Lead | jane@mytool.example |

## Roadmap

- Phase 1 (Jan 2-5): rewrite
"""
PROGRAM = '''# Reads things.
# Tier 1: fast path
import os

def main():
    """Contact: nobody"""
    # subject = 1
    return os.environ["MAIL"]  # somebody@example.org
'''
ALL = (CONTACTS, KONTAKTE, LETTERS, VORLAGEN, SOCIAL, RECIPE, README, PROGRAM)
