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
PARTNERS = """# Press and partner contacts

_Updated 2026-02-01_

## Priority A

1. **Clean Rivers Trust** (CRT)
   - Website: rivers.example
   - Email: hello@rivers.example
   - Contact person: Dr. Ann Lee, Policy Lead, ann@rivers.example
   - How to approach: mention the river report
   - Notes: slow to answer
2. **River Watch**
   - E-mail: office (at) watch (dot) example
   - Bluesky: @watch.example

## Priority B

| Organization | Contact | Email | Why them |
|:--|:--|:--|:--|
| Water Institute | Bo Smith (Director) | info@water.example | Wrote the study |
| Daily Stream | newsroom | news@stream.example; press@stream.example | Covers rivers |

### European Parliament, rivers committee
Still to find: who follows rivers.
"""
FENCED = """# Campaign emails

## Email 1 - Partners

```
Subject: River day on {{date}}

Dear {{name}},

join us: [insert link]

[Signature]
```

## Email 2 - Journalists

### Subject
A river story

### Body
Dear {first name},

bye

### Attachments
press-kit.pdf

## When to send

Tuesdays to Thursdays, 9:00-12:00. Avoid 20 December to 6 January.

| Period | Verdict |
|---|---|
| March 2-13 | best |
| August | avoid |

## Reminders

One reminder after 10 days for organisations; never for individuals.
"""
NUMBERED = """# Social plan

Written 1 February 2026.

## LinkedIn

```
We clean rivers. Join: [link]
```

## Bluesky & Mastodon thread

1/3 We clean rivers.

2/3 It takes a day.

3/3 Join: [link]

## Schedule

| When | What |
|---|---|
| March 3-4 | thread on Bluesky and Mastodon |
"""
ALL = (*ALL, PARTNERS, FENCED, NUMBERED)

SPREE = """# Kontaktliste Saubere Spree

Stand: 12. Oktober 2026

## Priorität 1: Umweltverbände

| Organisation | E-Mail | Ansprechpartner | Webseite | Warum |
|---|---|---|---|---|
| Eisvogelbund | info@eisvogel.example | Dr. Maria Müller (Geschäftsführerin) | https://eisvogel.example | Sie zählen. |

## Priorität 2: Behörden

### Wasserbetriebe
Noch zu recherchieren: wer ist zuständig?

## Presse

- **Uferpost** – leute@uferpost.example
- **fluss24** – Redaktion: redaktion@fluss24.example

## Versand

Nicht im August und nicht zwischen dem 20. Dezember und dem 6. Januar schreiben. Am besten dienstags bis donnerstags.
Eine Erinnerung nach drei Wochen, keine an Einzelpersonen.
"""

RIVER = """# Contacts for the river

## Tier 1

### Alpha
- Email: info@alpha.example

### Beta Water
Still to find: who is responsible?

## Sending

Not in August and never between 20 December and 6 January. Best Tuesday to Thursday, 10-12 am.
Remind once after three weeks, never individuals.
"""
ALL = (*ALL, SPREE, RIVER)

BRUNNEN = """# Kontaktliste Trinkbrunnen

Stand: 3. November 2026

## Stufe 1: Behörden

### Wasseramt
- Presse: presse@wasseramt.example
- Prof. Dr. Maria Muster (Leiterin), muster@wasseramt.example

**Ansprechpartner:** Dr. Jo Beispiel (Geschäftsführer)

### Brunnenwerke
Noch zu recherchieren: wer ist zuständig?

## Presse

- **Wochenschau** – leute@wochenschau.example
- **blatt24** – Redaktion: redaktion@blatt24.example
- tropf – lokal@tropf.example
"""
ALL = (*ALL, BRUNNEN)
