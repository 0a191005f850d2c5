"""First names that are frequent in Europe and North America, folded: many of them in a column say that it has people.

One name says little (`Grace`, `Mark` and `Rosa` are words and ships too), so nothing is decided by one cell.
Written by hand from what is common in each language; a name that is missing costs nothing but certainty.
"""

from __future__ import annotations

GIVEN_NAMES = frozenset(
    """
    aaron abdul abel abigail achim adam adela adele adelheid adrian adriana adriano adrien agata agathe agnes agnese
    agnieszka ahmed ahmet aida aidan aileen aisha alain alan alana alba albert alberto albrecht aldo aleksander
    aleksandra alena ales alessandra alessandro alessia alex alexander alexandra alexandre alexis alfie alfons
    alfred alfredo ali alice alicia alicja alina aline alison alma almut alois alon alun alva alvaro alwin amadeo
    amalia amanda amelia amelie amina amir amy ana anabel anais anastasia anders andrea andreas andree andrei andrej
    andres andrew andrzej andy aneta anett anette angel angela angelica angelika angelo angus ania anika anita anja
    anke anna annabel annalisa anne annegret anneke annelies annelise annemarie annette annie annika anouk ansgar
    anton antonella antonia antonin antonio antonius anya aranxta ariane arianna arjen armand armando armin arnaud
    arne arno arnold aron arthur artur arturo arvid asa ashley asia aslak astrid attila aubrey audrey august augusto
    aurelia aurelie aurelien aurora axel ayse balint barbara barbora barry bart bartosz basil bastian bastien bea
    beat beata beate beatrice beatrix beatriz bela ben benedetta benedict benedikt benjamin benoit bente berenice
    berit bernadette bernard bernardo bernd bernhard bernt bert bertrand bess beth bettina betty bianca bill birgit
    birgitta bjarne bjorn blanca blanka bob bodil bogdan boris bozena brad brandon branislav branka brendan brian
    bridget brigitta brigitte britt britta bronislaw bruce bruna bruno caitlin callum camila camilla camille candice
    carina carl carla carles carlo carlos carlotta carmela carmen carol carola carole carolin carolina caroline
    carsten cary catalina catarina caterina catherine cathrin catriona cecile cecilia cecilie cedric celia celine
    cemal cesar chantal charles charlie charlotte cheryl chiara chidi chloe chris christa christel christer
    christian christiana christiane christina christine christoph christophe christopher ciara cillian cinzia claire
    clara clare clarissa claude claudia claudine claudio claus clemens clement clementine cliff clive colin colm
    conny conor constance constantin cora corina corinna corinne cornelia cornelis cosima craig cristian cristiana
    cristina cristobal cyril dag dagmar dagny daisy dalia damian damien damir dan dana daniel daniela daniele
    danielle danilo danuta daphne daria dario darius dariusz darko darren dave david davide dawid dawn debora
    deborah declan deirdre delia delphine denis denise dennis derek desiree detlef diana diane didier diederik diego
    dieter dietmar dietrich dilan dimitri dimitris dina dino dirk dita dolores domenico dominic dominik dominika
    dominique don donald donatella donna dora doreen doris dorota dorothea dorothee douglas duncan dusan ebba
    eckhard eddie edgar edith edmund edoardo eduard eduardo edward edwin edyta eero egon eileen eilidh einar eira
    eivind eleanor elena eleni eleonora eleonore elfriede elias elif elin elina elisa elisabet elisabeth elise
    elizabeth elke ella ellen ellie elliot elmar eloise els elsa elsbeth else elvira elzbieta emanuel emanuela emer
    emil emilia emiliano emilie emilio emily emma emmanuel emmanuelle emre enda enrico enrique enzo eoin eric erica
    erich erik erika ernest ernesto ernst erwin esra esteban estelle ester esther etienne ettore eugen eugene
    eugenia eugenio eva evan eve evelien evelin evelyn evelyne evert ewa ewelina fabian fabien fabienne fabio
    fabiola fabrice fabrizio fadi fanny fatima fatma federica federico felicia felicitas felicity felipe felix
    ferdinand fergus fernand fernanda fernando filip filipa filipe filippo finn fiona flavia flavio fleur flora
    florence florent florian florin folker frances francesc francesca francesco francine francis francisca francisco
    franciszek franck franco francois francoise frank franka franz franziska frauke fred freddy frederic frederick
    frederik frederique fredrik frida frieda friederike friedrich frits fritz gabi gabor gabriel gabriela gabriele
    gabriella gaby gael gaelle gail gareth gary gaspard gavin gemma genevieve geoff geoffrey georg george georges
    georgia georgina gerald geraldine gerard gerardo gerd gerda gerhard germaine gernot gero gertrud gesa gesine
    geza giacomo giada gianluca gianni gilbert gilda gilles gina ginevra giorgia giorgio giovanna giovanni gisela
    giselle gitta gitte giulia giuliana giulio giuseppe giuseppina gloria gonzalo goran gordon gosia grace graciela
    graham grainne grazia graziano graziella greg gregor gregory greta gretchen grete grzegorz gudrun guido
    guilherme guillaume guillem guillermo gunilla gunnar gunter gunther gustav gustavo guy gwen gwenaelle gyorgy
    hakan halina hamish hana hanna hannah hanne hanneke hannelore hannes hans hansjorg harald hardy harriet harry
    hartmut hassan heather hector hedda hedwig heide heidi heike heiko heiner heinrich heinz helen helena helene
    helga helge hella helle helmut hendrik henk henning henri henriette henrik henrike henry herbert heribert herman
    hermann hermine herta herve hilary hilda hilde hildegard hinrich holger horst howard hubert hugh hugo humberto
    ian ibrahim ida idoia ignacio igor ilaria ildiko ileana ilka ilona ilse imke imogen imre ina inaki ines inga
    inge ingeborg inger ingmar ingo ingolf ingrid inigo ioana ioannis ion ireen irena irene irina iris irma irmgard
    isaac isabel isabell isabella isabelle ismail istvan ivan ivana ivar ivo ivona ivy iwona izabela jaap jacek jack
    jackie jaclyn jacob jacopo jacqueline jacques jadwiga jaime jakob jakub james jamie jan jana jane janet janett
    janice janina janine janne janneke janos january jaroslav jaroslaw jasmin jasmine jason jasper javier jay jean
    jeanette jeanne jeff jeffrey jelena jelle jennifer jenny jens jeremy jeroen jerome jerry jerzy jesper jess
    jessica jessie jesus jette jill jim jimmy jiri jo joachim joan joana joanna joanne joao joaquim joaquin jochen
    jodie joe joel joelle joep joerg johan johann johanna johannes john johnny jola jolanda jolanta jolien jon jonas
    jonathan joost jordan jordi jorg jorge jorgen joris jorn jorunn jos jose josef josefina josefine joseph
    josephine josette joshua josiane josip jost joy joyce jozef juan juanita judit judith jule julia julian juliana
    juliane julie julien juliet juliette julio julita julius juraj jurek jurgen jurgita juri justin justine justyna
    kacper kai kaja kalle kamil kamila karel karen karin karina karine karl karla karol karolina karoline karsten
    kasia kasper katarina katarzyna kate katerina kath katharina katharine katherine kathleen kathrin kathrine
    kathryn kathy kati katie katja katrin katrina kay kazimierz keith kelly ken kenneth kerstin kevin kieran kim
    kinga kirsten kirsti kirstin kirsty kjell klara klaudia klaus klemens knut konrad konstantin kornelia kris
    krista kristian kristin kristina kristine kristof kristoffer krystyna krzysztof kurt kyle lachlan ladislav laila
    laima lajos lara larissa lars laszlo laura laure lauren laurence laurens laurent laurie laurin lea leah leander
    leandro lech leif leila len lena lenka lennart leo leon leona leonard leonardo leonie leonor leonora leopold
    lesley leslie leszek leticia levke lewis leyla lia liam lidia lidija liesbeth lieselotte lili lilian liliana
    lilli lillian lilly lily lina linda line linnea linus lionel lisa lisbeth lise liselotte lisette liv livia liz
    ljubica loic lola lone lore lorena lorenz lorenza lorenzo loretta lothar lotta lotte lou louis louisa louise
    lourdes luc luca lucas lucia luciana luciano lucie lucien lucienne lucile lucinda lucy lucyna ludek ludger
    ludmila ludo ludovic ludwig luigi luis luisa luise luiz lukas lukasz luke luna lutz luuk lydia lydie lynn
    maarten maciej madalena maddalena madeleine mads magali magda magdalena maggie magnus mahmoud mai maike maira
    maja malcolm malgorzata malin malte malwina mandy manfred manon manu manuel manuela mara marc marcel marcela
    marcella marcelo marcin marco marcos marcus marek maren margaret margareta margarete margarida margarita margaux
    margherita margit margot margret margrit marguerite mari maria mariam marian mariana marianna marianne mariano
    marie marieke mariella marielle marietta marije marijke marika marilyn marina mario marion marisa marit marius
    mariusz marjan mark marko markus marlen marlene marlies marloes marta martha marthe martijn martin martina
    martine martino marvin mary maryam marzena mat mateja mateo mateus mateusz mathias mathieu mathilde matilda
    matilde mats matt matteo matthew matthias matthieu matthijs matti mattia maud maura maureen maurice mauricio
    maurizio mauro max maxime maximilian maya mechthild megan mehdi mehmet meike meinhard melanie melinda melissa
    menno mercedes meret mette mia micha michael michaela michal michalina michel michela michele micheline michelle
    michiel miguel mika mikael mike mikkel mila milan milena millie milos mina minna mirco mireia mireille mirek
    mirela miriam mirja mirjam mirko miroslav miroslaw mo mohamed mohammad mohammed moira moises molly mona monica
    monika monique montserrat moritz moses muhammad muriel murray mustafa myriam nadege nadia nadine nadja nagore
    nancy naomi nara natacha natalia natalie natascha natasha nathalie nathan nathaniel neil nele nelly nelson neus
    niamh nicholas nick nicki nico nicola nicolas nicole nicoletta nicolo niels nigel nika nikita nikki niklas niko
    nikola nikolai nikolaos nikolaus nils nina ninon noah noel noelia noemi nora norbert noreen norma norman nuno
    nuria oana octavio odd odette odile ola olaf olav ole oleg olga olive oliver olivia olivier olof omar ondine
    ondrej orla orlando orsola ortrud oscar oskar osman osvaldo oswald otmar otto ove owen pablo paddy pal palle
    pamela paola paolo par pascal pascale pat patricia patricio patrick patrik patrizia patrycja paul paula paulette
    paulien paulina pauline paulo pavel pavla pawel pedro peer peggy pelle penelope penny per percy pernille perrine
    petar peter petr petra petri petros petter phil philip philipp philippa philippe phoebe pia piero pierre
    pierrette piet pieter pietro pilar pim piotr poul povl priska priya przemyslaw quentin rachel rachele radek
    radoslaw radovan rafael rafal raffaele raffaella ragna ragnar ragnhild raimund rainer ralf ralph ramon ramona
    raoul raphael raquel rasmus raul ravi ray raymond rebecca rebekka regina regine regis reiner reinhard reinhold
    reinier rejane rembert remi remy rena renata renate renato renaud rene renee renzo reto rhian rhys ria ricarda
    ricardo riccarda riccardo richard rick rien rik rikke rita rob robbert robert roberta roberto robin rocio rod
    roderick rodolfo rodrigo roel roger roisin roland rolf romain roman romana romy ron ronald ronan ronja ronny
    rory rosa rosalia rosalie rosanna rosaria rosario rosemarie rosemary rosie rosina ross roswitha roxane roy ruben
    rudi rudiger rudolf rui rupert russell ruth ryan ryszard saara sabina sabine sabrina sacha said sally salma
    salvador salvatore sam samantha sami samir samira samuel sandra sandrine sandro sandy sanna sanne santiago sara
    sarah sascha saskia saverio savina sean sebastiaan sebastian sebastien selina selma serena serge sergei sergio
    severin severine shane shannon sharon shaun sheila shirley sibylle sidonie siegfried sieglinde sigrid sigrun
    silas silja silke silvana silvia silvie silvio simon simona simone sina sinead siobhan siri sissel slavomir
    slawomir slobodan sofia sofie solene solveig sonia sonja sophia sophie sorcha soren stan stanislav stanislaw
    stefan stefania stefanie stefano steffen steffi stella sten stephan stephane stephanie stephen steve steven
    stewart stig stijn stine stuart sue sunniva susan susana susann susanna susanne susie suzanne svante sven svenja
    svetlana swen sybille sylvain sylvia sylvie sylwia szymon tadeusz taina tamara tamas tania tanja tara tariq
    tarja tatiana tatjana ted telmo teodor terence teresa terri terry tess tessa thea theo theodor theodora theres
    theresa therese thibault thierry thilo thomas thor thora thorben thorsten tiago tibor tilda till tillmann tilman
    tim timea timo timothy tina tine titus tiziana tobias toby todd tom tomas tomasz tommaso tommy toni tonia tonje
    tony tor torben tore torsten tove tracey tracy trine tristan trond trude truus tullia tuomas tycho udo ugo ulf
    ulla ulli ullrich ulrich ulrik ulrike umberto una urs ursula urszula uta ute uwe vaclav valentin valentina
    valentino valeria valerie valerio vanessa vasco vasil vaughan veerle vera verena veronica veronika veronique
    vesna vicente vicki vicky victor victoria vigdis viggo viktor viktoria vilma vincent vincente vincenzo viola
    violeta violetta virginia virginie vit vito vittoria vittorio vivian viviane vivien vladimir vladislav vojtech
    volker volkmar walburga waldemar wally walter waltraud wanda wendelin wendy werner wiebke wieland wiktor
    wiktoria wilfried wilhelm wilhelmina will willem willi william willy wilma wim winfried witold wladyslaw
    wlodzimierz wojciech wolf wolfgang wouter xavier yann yannick yasmin yasmina yiannis ylva yolanda yolande
    youssef yuri yusuf yvan yves yvette yvonne zachary zara zbigniew zdenek zdenka zelda zelie zeynep zita zoe zofia
    zoltan zora zsofia zsolt zuzana zuzanna zygmunt
    """.split()
)
