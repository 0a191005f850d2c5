"""The forty contacts of the river federation, as the files somebody else would have written.

Each contact has one invented river name that stands in every free field it has (name, addresses, angle, context,
source, fields, people). A river in somebody else's letter is a leak.
"""

from __future__ import annotations

from .campaign_towns import KOMMUNE, KOMMUNER, MUNICIPALITIES, MUNICIPALITY

# ruff: noqa: E501 - the rows of a CSV file are as long as they are

NGOS = """\
id,name,short,kind,tier,tags,country,language,email,email_role,email2,email2_role,personal_text,internal_notes,founded,motto
amigos-mirante,Amigos do Mirante,AdM,organisation,0,ngo,PT,pt,press@mirante.example,press,ola@mirante.example,general,O Mirante corre outra vez livre.,Mirante deve-nos um favor.,1987,"Mirante, sempre!"
zarqamar,جمعية نهر Zarqamar,,organisation,1,"ngo, rios",MA,en,info@zarqamar.example,,,,"Zarqamar counts eels: ""عدّ"" every spring.",Zarqamar is in a dispute.,2001,نهر Zarqamar
yarkelet,עמותת נחל Yarkelet,,organisation,1,ngo,IL,en,info@yarkelet.example,general,,,Yarkelet cleaned a stream in 90 days.,Yarkelet is cautious.,0099,
hemrask,"Straßenfluß e. V. Hemrask, Öffentlichkeit",Hemrask,organisation,1,ngo,DE,en,post@hemrask.example,general,,,"Hemrask planted 1,000 willows.",Hemrask war laut.,1999,Grüß vom Hemrask
glenmorva,O'Brien's River Trust Glenmorva,,organisation,2,ngo,IE,en,hello@glenmorva.example,general,,,,Glenmorva is shy.,2010,
vindalsel,Vindalsel elveforum,,project,1,ngo,NO,nb,post@vindalsel.example,general,,,Vindalsel fikk ørreten tilbake.,Vindalsel er sur.,1975,
stilfjel,"Stilfjel ""Frie Elver"" lag",,project,2,ngo,NO,nb,,,lag@stilfjel.example,general,Stilfjel måler vann hver uke.,Stilfjel har ingen penger.,1960,
ribalume,Ribalume Associação 🦦,,organisation,2,ngo,PT,pt,lontra@ribalume.example,general,,,As lontras do Ribalume voltaram.,Ribalume quer dinheiro.,2020,
"""

NGOS_YAML = """\
- id: uniao-rios
  name: União dos Rios Ibéricos
  short: URI
  kind: organisation
  tier: 0
  tags: [ngo, umbrella]
  country: PT
  channels:
    - {email: geral@umbralis.example, role: general}
    - {bluesky: umbralis.example}
    - {mastodon: "@umbralis@rios.example"}
  personal_text: O manifesto Umbralis é o melhor que lemos.
  internal_notes: Umbralis hesita.
- id: tagarrelo
  name: Coletivo Tagarrelo
  kind: project
  tier: 2
  country: PT
  channels: [{mastodon: "@tagarrelo@rios.example"}]
  personal_text: O Tagarrelo canta aos rios.
  internal_notes: Tagarrelo só lê Mastodon.
- id: serpenova
  name: Rede Serpenova
  kind: organisation
  tier: 2
  country: PT
  channels: [{form: "https://serpenova.example/form"}, {bluesky: serpenova.example}]
  personal_text: A Serpenova ensina escolas.
  internal_notes: Serpenova mudou de direção.
- name: Quintelar Amigos
  channels: [{email: ola@quintelar.example}]
"""

MEDIA = """\
- id: diario-corvelo
  name: Diário do Corvelo
  kind: media
  tier: 1
  country: PT
  language: pt
  channels:
    - {email: geral@corvelo.example, role: general}
    - {email: redacao@corvelo.example, role: press}
  personal_text: A vossa série sobre o Corvelo seco foi lida no parlamento.
  internal_notes: O Corvelo foi comprado.
- id: radio-alvorim
  name: Rádio Alvorim
  kind: media
  tier: 2
  country: PT
  channels: [{email: ouvintes@alvorim.example, role: general}]
  personal_text: O vosso programa no rio Alvorim à noite.
  internal_notes: Alvorim copia notícias.
- id: fjordposten-sandvika
  name: Fjordposten Sandvikar
  kind: media
  tier: 1
  country: NO
  language: nb
  channels: [{email: redaksjon@sandvikar.example, role: press}]
  personal_text: Leder i Sandvikar om elva var modig.
  internal_notes: Sandvikar ringer alltid tilbake.
- id: revista-ondamar
  name: Revista Ondamar
  kind: media
  tier: 3
  country: PT
  do_not_contact: true
  channels: [{email: geral@ondamar.example, role: press}]
  internal_notes: Ondamar publicou sem perguntar.
"""

RESEARCH = """\
- id: instituto-fluvarim
  name: Instituto Fluvarim <I&D>
  kind: research
  tier: 0
  tags: [peixes, sedimentos]
  country: PT
  channels: [{email: lab@fluvarim.example, role: research}, {email: geral@fluvarim.example, role: general}]
  personal_text: O modelo Fluvarim prevê cheias a três dias.
  internal_notes: Fluvarim perdeu o diretor.
- id: elveforsk
  name: Elveforsk Grunnvik
  kind: research
  tier: 1
  tags: [laks]
  country: NO
  language: nb
  channels: [{email: post@grunnvik.example, role: general}]
  personal_text: Grunnvik har merket 4000 laks.
  internal_notes: Grunnvik vil ha data.
- id: inst-paludra
  name: Institute Paludra
  kind: research
  tier: 1
  country: SE
  language: en
  channels: [{email: office@paludra.example, role: general}]
  personal_text: Paludra's peat core goes back 9,000 years.
  internal_notes: Paludra has a grant pending.
- id: eu-hidralux
  name: Hidralux Agency for Inland Waters
  kind: institution
  eu: true
  tier: 1
  country: BE
  language: en
  timezone: Europe/Brussels
  channels: [{email: info@hidralux.example, role: general}]
  personal_text: Hidralux counts barriers in 30 countries.
  internal_notes: Hidralux moved offices.
"""

PERSONS = """\
- id: ana-felgares
  name: Ana Felgares
  kind: person
  tier: 1
  country: PT
  channels: [{email: ana@felgares.example}]
  personal_text: A tua caminhada pelo Felgares.
  internal_notes: Felgares é amiga da Maria.
  found_at: Conversa com Felgares em novembro
- id: per-olav
  name: Per Olav Mjøsund
  kind: person
  tier: 2
  country: NO
  language: en
  channels: [{email: per@mjosund.example}]
  personal_text: Your film about the mjosund ferry.
  internal_notes: mjosund wants no calls.
- id: joana-ruivela
  name: Joana Ruivela, "a do rio"
  kind: person
  tier: 3
  country: PT
  channels: [{email: joana@ruivela.example}]
  internal_notes: Ruivela fica para o outono.
"""

CONTACT_FILES: dict[str, str] = {
    "contacts/pt/municipios/arruzela.yaml": MUNICIPALITY,
    "contacts/pt/municipios/norte-e-centro.yaml": MUNICIPALITIES,
    "contacts/no/vest/kommuner/brimelva.yaml": KOMMUNE,
    "contacts/no/vest/kommuner/alle.yaml": KOMMUNER,
    "contacts/ngos.csv": NGOS,
    "contacts/ngos.yaml": NGOS_YAML,
    "contacts/media.yaml": MEDIA,
    "contacts/ciencia.yaml": RESEARCH,
    "contacts/private/pessoas.yaml": PERSONS,
}

RIVERS: dict[str, str] = {
    "camara-arruzela": "arruzela", "camara-tordela": "tordela", "aguas-quelmira": "quelmira",
    "vasconde-rio-limpo": "vasconde", "camara-lizandra": "lizandra", "camara-montelar": "montelar",
    "camara-peneda-longarela": "longarela", "freguesia-barrosmar": "barrosmar", "empresa-vilacota": "vilacota",
    "brimelva-kommune": "brimelva", "skarvaa": "skarvaa", "blaelv": "blåelv", "torrelva": "torrelva",
    "lysfoss": "lysfoss", "krokbrua": "krokbrua", "gjelbekk": "gjelbekk", "nordvassa": "nordvassa",
    "amigos-mirante": "mirante", "zarqamar": "zarqamar", "yarkelet": "yarkelet", "hemrask": "hemrask",
    "glenmorva": "glenmorva", "vindalsel": "vindalsel", "stilfjel": "stilfjel", "ribalume": "ribalume",
    "uniao-rios": "umbralis", "tagarrelo": "tagarrelo", "serpenova": "serpenova", "quintelar-amigos": "quintelar", "diario-corvelo": "corvelo",
    "radio-alvorim": "alvorim", "fjordposten-sandvika": "sandvikar", "revista-ondamar": "ondamar",
    "instituto-fluvarim": "fluvarim", "elveforsk": "grunnvik", "inst-paludra": "paludra",
    "eu-hidralux": "hidralux", "ana-felgares": "felgares", "per-olav": "mjosund", "joana-ruivela": "ruivela",
}  # fmt: skip
