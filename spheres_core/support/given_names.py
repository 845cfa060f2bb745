"""Given names and family names by which a person is recognized in a text, in French and in English.

Lists of common names, above all of Québec, without accents and in small letters; a compound name is known by its parts.
Names that are ordinary words too stand apart: they count only where the text shows that a person is meant.
"""

from typing import Final


def words(text: str) -> frozenset[str]:
    """Returns the words of a text."""
    return frozenset(text.split())


GIVEN_NAMES: Final = words(
    """
    aaliyah aarav aaron abby abigail adam adelaide adele adjoa adrian adriana adrien adrienne agathe agnes ahmed aicha
    aida aidan aiden aimee aisha aissatou alain alan alasie albert alberte alec alejandra alejandro aleksandra
    alessandro alessia alex alexa alexander alexandra alexandre alexane alexanne alexe alexia alexis alfred ali alice
    alicia alina aline alisha alison alix aliya allan allison allyson alyson alyssa alyssia amadou amanda amandine
    amara amel amelia amelie amina aminata amira amy ana anabelle anais anastasia andre andrea andreanne andree andrew
    andy anelie angela angele angelica angelina angelique angie anh anika anissa anita anjali ann anna annabel
    annabelle anne annick annie anouk anthony antoine antoinette antonia antonio anya aputi arabella ariane arianna
    arianne ariel arielle arnaud arthur ashley ashlyn assia astrid athena aube aubrey audreanne audrey augustin
    aurelie aurore austin ava avery awashish axel axelle aya ayanna ayoub bailey barbara beatrice beatrix belinda ben
    benjamin benoit bernadette bernard bertrand beth bethany betty bianca bilal billy bob bobby bonnie boubacar brad
    bradley brandon brayden breanna brenda brendan brian brianna bridget brigitte brigittine brittany brooke bruce
    bruno bryan brynn caleb camelia cameron camila camilla camille camilo candice capucine carina carl carla carlos
    carmen carolane carolann carole caroline carolyn carrie carter cassandra cassandre cassidy catalina caterina
    catherine cathy cecile cecilia cedric cedrick celestine celia celine chanel chantal chantale charlene charles
    charlie charlotte chelsea cheyenne chiara chloe chris christa christelle christiane christina christine christophe
    christopher christy cindy clara clarence clarisse claude claudel claudette claudia claudie claudine clement
    clementine clifford clyde cody colette colin colleen connor coralie coraline corentin corey corine corinne
    courtney craig cristina curtis cynthia cyrielle cyril dahlia damian damien dana daniel daniela danielle danika
    danny daphne daphnee daria darlene darren dave david deborah debra deepika delia delphine denise dennis derek
    derrick diana diane diego dina djamila djeneba dominic dominick dominik dominique donald donna dora dorian doriane
    doris dorothee dorothy doug douglas dustin dwayne dylan edith edmond edouard eduardo edward edwin elaine eleanor
    elena eleonore eliana eliane elianne elie elif elijah elina elisa elisabeth elisapie elise elissa eliza elizabeth
    elke ella ellen ellie elliot elliott elodie eloise elsa elya elyse elyzabeth emanuelle emeline emeric emerik emile
    emilia emilie emilien emilio emily emma emmanuel emmanuelle emmy enrique eric erica erick erik erika erin ernest
    esmee esperanza esteban estelle esther ethan etienne eugene eugenie eva evan evangeline evelyn evelyne fabien
    fabienne fabio fabiola fabrice fadila fanta farah farida fatima fatimata fatma fatou federico felicia felicite
    felix felixe fernand fernanda fernando fiona flavie floriane francesca francesco francine francis francisco franck
    francois francoise frank franklin fred freddy frederic frederick frederik frederique gabriel gabriela gabriella
    gabrielle gaelle gaetan garrett gary gavin genevieve geoffrey george georges georgia gerald geraldine gerard
    germain gertrude ghislain ghislaine gianna gilbert gilberte gilles gillian gina ginette giovanni gisele giselle
    giulia gloria gordon greg gregoire gregory greta guadalupe guerda guillaume gurpreet gustavo gwendoline hailey
    haley halima hamza hanna hannah harold harpreet harriet harry hassan hawa hayley heather hector heidi helen helena
    helene henri henry herve hicham hilary holly hubert hugo hugues ian ibrahim ibrahima ilyes imane ines ingrid irene
    isaac isabel isabella isabelle isaiah isha islam ismael israel ivan jace jack jackie jackson jacob jacqueline
    jacques jacynthe jada jaden jaime jake jamal james jamie jamila jan jana jane janelle janet janice janick janie
    janine janique jared jasmin jason jasper jaspreet javier jay jayden jaydon jeanine jeanne jeannine jeff jeffrey
    jenna jennifer jenny jeremie jeremy jerome jerry jesse jessica jessie jessy jillian jim jimmy joan joanie joanna
    joanne joannick joannie jocelyn jocelyne joe joel joelle joey johanna johanne john johnny jon jonah jonas jonathan
    jordan jordyn jorge jose josee joseph josephine joshua josiane joyce juan juanita jude judith judy julia julian
    juliana julianna julianne julie julien julienne juliet juliette julio junie jusipi justin justine kadiatou kaitlyn
    kaleb kamila kamille kanapé karen kari karim karima karina karine karl karla karol karyne kassandra kate katelyn
    katerina katherine kathleen kathryn kathy katia katie katrina katy kaya kayla kaylee kayleigh keisha keith kelly
    kelsey ken kendra kenneth kenny kenza kerry keven kevin khadija khalid kiana kiara kieran kim kimberley kimberly
    kimora kirsten kloe kofi koralie kristel kristen kristina kristine kristy krystal kwame kyle kylie laetitia laila
    lana lara larissa larry latoya laura lauralie lauren laurence laurent laurianne laurie laurine lea leah leana
    leandre leanne leila leo leon leonard leonardo leonie leslie lester leticia lexie leyla lia liam liana libby lidia
    liliana liliane lilianne lillian lilly lilou lina linda lindsay lindsey linh lisa lise lisette liv livia liz
    lizzie logan loic lola lorena lorenzo lori lorie lorraine louane louanne louis louisa louise lourdes lubna luc
    luca lucas lucia lucie lucien lucienne lucille lucy ludivine ludovic luis luisa luka luke lydia lydie lyla lyna
    lynda lyne lynn mackenzie madeleine madeline madelyn madison mae maelie maelle maeva maeve magali magalie maggie
    maika maikan maite malek malia malik malika malorie mamadou manpreet manuel manuela mara marc marcel marcela
    marcelle marckenson marco marcos marcus margaret margaux margot marguerite maria mariah mariam mariama mariame
    mariana marianne maribel marie marieke mariella marielle marika marilou marilyn marilyne marina mario marion
    marisa marisol marissa marjolaine marjorie marlene marlon marquis martha martin martine marvin mary maryam
    maryanne maryline maryse mason mateo mathias mathieu mathilde mathis matt matteo matthew matthias matthieu maude
    maureen maurice mauricio maxence maxime maximilien maya maylie mayssa megan megane meghan mehdi mei melanie melina
    melinda melisande melissa melodie melyna mercedes meredith meriem mia micah michael michaela michaelle michel
    micheline michelle miguel mika mikael mikaela mikayla mikuan mila milan mildred milena milo ming minh minnie
    mireille miriam mirlande mitchell mohamad mohamed mohammed moira molly monica monika monique morgane morganne
    mounir moussa muriel mustapha mya mylaine mylene myriam myrtha nadege nadia nadine nael nafissatou nahla naika
    naima najat naomi naomie natacha natalia natalie natasha nathalie nathan nathanael nathaniel navdeep nawel ndeye
    neil nellie nelly nelson ngoc nguyen nicholas nick nicolas nicole nicoletta nikita nikki nina nipi noah noe noel
    noelie noella noemie noor nora norah norman nour oceane odette odile olga oliver olivia olivier omar ophelie
    orlando oscar oumar oumou owen pablo pamela paola paolo pascal pascale patrice patricia patrick paul paula paule
    paulette paulina pauline pedro penelope peter peyton phil philip philippe phillip phoebe phuong pierrette
    priscilla priya putulik quentin quinn rachel rachelle rafael raffaella raja ralph ramon rania raoul raphael
    raphaelle raquel raul raymond raymonde reagan rebecca reda reggie reginald regine rejean rejeanne remi remy renaud
    rene renee rhea rhonda ricardo richard rick ricky riley rim rita robbie robert roberta roberto rodney rodrigo
    rodrigue roger rokia roland rolande romain roman romane romy ron ronald ronnie rosa rosalie rosalind rosanne
    rose-laure roseline rosemarie rosemary rosie ross roxane roxanne ruben russell ruth ryan sabine sabrina sadie
    safia said saila salim sally salma salome sam samantha samara samia samir samira sammy samuel samuelle sandra
    sandrine santiago sara sarah sarollie sarrah sasha saskia savannah scarlett scott sean sebastian sebastien selena
    selina selma serena serge sergio seydou shana shane shanelle shania shanipiap shannon shanya sharon shawn sheila
    shelby shelley sherry shirley siasi sienna silvia simon simone simran sofia sofiane solange solene sonia sophia
    sophie soraya stacey stacy stanley stefan stella stephan stephane stephanie stephen steve steven stuart suzanne
    suzie sylvain sylvia sylvie tabitha talia tamara tania tanya tara tasha tatiana tatyana taylor ted teresa terrance
    terri terry tessa thalia thea theo theodore theresa therese thi thierry thomas thuy tiffany tim timothy tina
    tobias todd tom tommy toni tony tori tracey tracy trang travis trevor tricia trina tristan troy tuyet tyler tyrone
    uapukun ulysse uqittuq valentin valentina valentine valerie vanessa vero veronica veronique vicki vicky vincent
    violaine virginie vivian viviane vladimir walter wanda wassim wayne wendy wesley whitney widad wideline widlyne
    wilfrid william willy wilson woodley wyatt xavier xiao yacine yael yamina yan yanick yanis yann yannick yasmina
    yasmine yassine ying yoan yohan yolanda yolande yousra youssef yuki yuna yvan yves yvette yvon yvonne zachariah
    zachary zack zahra zainab zara zelie zineb zoe zoey zohra
    """
)
"""Names that are hardly ever another word."""
AMBIGUOUS: Final = words(
    """
    aime alba alma amber angel april art august aura aurora autumn bill blanche brave brook carol celeste chance
    charity chase christian claire clemence constance crystal daisy dale dawn denis desire destiny diamond elle eve
    faith fanny fleur flora florence gail glory grace guy harmony heaven hope hunter iris ivy jade jasmine jean jewel
    joy june justice lance laurier lila lily lou love lovely lucky manon marin marine mark mars max may melody mercy
    michele mina modeste mona morgan nancy nice norma olive ollie paige paris parker patience pearl penny perle petra
    phoenix pierre poppy prince princess prudence rain raison ray reine rich river rob robin rose roy ruby sandy
    serenity sidney sierra sky skye skylar soleil star storm sue summer sunny sydney trinity van vera victoire victor
    victoria viola violet violette virginia will willow winter zen
    """
)
"""Names that are ordinary words or places too."""
FAMILY_NAMES: Final = words(
    """
    adams allard allen anderson archambault arsenault audet awashish bailey baker beauchamp beaudoin beaulieu beaupre
    bedard belanger belisle benali bergeron bernier bertrand berube bilodeau blais blanchet blanchette boisvert
    bouchard boucher boudreau boulanger boulet bourgeois brassard breton brisebois brown brunet bujold campbell
    cardinal caron carrier carter castonguay chabot champagne charbonneau charest charette charles chartrand chen
    chouinard clark cloutier cook cooper cormier cossette coulibaly coulombe courchesne couture cyr daigle daigneault
    davis demers deschamps deschenes desgagnes desjardins deslauriers desmarais desrochers desrosiers diallo dion
    dionne dore doyon drolet dube dubois ducharme duchesne dufour dufresne duguay duhaime dumont dupont dupuis
    duquette durand duval emond ethier etienne ferland fiset flores fontaine forget fortier fortin fournier fraser
    frechette gagne gagnon garcia gaudet gaudreau gaudreault gauthier gauvin gelinas gendron germain giguere gingras
    girard giroux godbout godin gonzalez gosselin goulet goyette grenier grondin groulx guay guerin guillemette haddad
    hamel harris harvey hebert hernandez hill houde houle huot ivanov jackson jacob jean-baptiste jobin johnson
    jolicoeur jones joseph jutras kaur kelly khoury kowalski labbe laberge labonte labrecque lachance lacroix laflamme
    lafleur laforest lafreniere lagace lajoie lalonde lambert lamontagne lamoureux landry langevin langlois lapierre
    laplante lapointe laporte laroche larocque larose larouche lauzon lavallee laverdiere lavigne lavoie lebel leblanc
    leclair leclerc leduc lee lefebvre legault lemay lemieux lemire lepage leroux lessard levesque lewis li loiselle
    lopez lussier macdonald mailloux malo marchand marcotte marcoux martel martin martineau martinez masse mathieu
    mcdonald menard mercier meunier michaud miller miron mitchell moore moreau morgan morin morissette murphy nadeau
    nadon nelson nguyen normand novak ouellet ouellette pageau paquet paquette paquin pare parent patel pelletier
    pepin perez perreault perron peterson pham picard pierre-louis pilon plante plourde poirier poitras poulin pouliot
    prevost proulx provencher quirion racine ramirez reed renaud rheaume richard rioux roberge robert roberts robinson
    robitaille rodrigue rodriguez rousseau roussel routhier roy sanchez santos sauve savard savoie scott seguin
    senecal silva simard singh sirois smith stewart tanguay tardif taylor tessier theberge theriault therrien thibault
    thibeault thomas thompson toure tran traore tremblay trepanier trudeau trudel turcotte turgeon vaillancourt
    valiquette veillette veilleux verreault vezina viau viger villeneuve voyer walker wang white williams wilson
    wright zhang
    """
)
"""Family names that show, after a capitalized word, that it is a person's."""
BEFORE_PLACES: Final = words(
    """
    act auberge avenue boul boulevard cegep center centre chemin clinique college comite ecole fondation fort
    foundation foyer hopital hospital institut institute lac lake loi maison metro mont mount parc pavillon place
    pointe polyvalente pont port prix program programme projet rang refuge residence rue saint sainte school st
    station ste stes street sts universite university ville
    """
)
"""Before the names of places and organizations, which are no persons."""
AFTER_PLACES: Final = words(
    """
    avenue boulevard center centre hospital house road school station street
    """
)
"""Behind the names of places and organizations."""
NOT_NAMES: Final = words(
    """
    a an and anglais aout april are at august avec avril bonjour but can canada ce ces cette chez cisss ciusss clsc
    comment could dans december decembre depuis des dimanche do does donc dpj elle elles english est-ce et facebook
    february fevrier for francais french friday gatineau he hello her his how i if il ils in instagram is it january
    janvier je jeudi jeune jeunes jeunesse juillet juin july june kuujjuaq la laval le les leur longueuil lundi ma mai
    mais march mardi mars may merci mercredi mes mon monday my no non notre nous november novembre
    october octobre on ontario or ottawa ou oui our pour pourquoi quand que qui quoi ramq sa samedi
    sans saturday september septembre ses she should si since snapchat son spheres spvm sunday sur thanks that the
    their these they this those thursday tiktok toronto tu tuesday un une vendredi votre vous we wednesday what when
    where which who why with without would yes you your youth
    """
)
"""Words that are capitalized at the beginning of a sentence, or that name a place, an organization or a month."""
