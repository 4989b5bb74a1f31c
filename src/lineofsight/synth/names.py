"""Names for people who do not exist: forenames and surnames of many heritages, put together by chance."""

GIRLS = (
    "Aaliyah Abigail Ada Adaeze Aisha Alice Amara Amelia Amina Amy Ana Aneta Anjali Anya Ava Ayesha Beatrice Bella "
    "Bronte Caitlin Carys Chiamaka Chloe Clara Daisy Daria Demi Dina Efua Eliza Ella Ellie Elsie Emily Erin Esme "
    "Eva Evie Faith Farah Fatima Freya Grace Hafsa Hana Hannah Harriet Hollie Ifeoma Imani Imogen Inaya Iris Isla "
    "Ivy Jasmine Jaya Jessica Joanna Kaya Keira Khadija Kiara Lara Layla Leah Lena Libby Lily Lola Lucy Maisie "
    "Mariam Marta Matilda Maya Megan Mia Millie Mina Molly Nadia Naomi Nia Nina Noor Oliwia Orla Paige Phoebe Pooja "
    "Poppy Priya Rahma Renee Rosa Rosie Ruby Ruth Saanvi Safa Salma Sana Sara Scarlett Selin Shanice Sienna Skye "
    "Sofia Sophie Summer Tara Temi Tess Thea Tia Tilly Uma Violet Wiktoria Willow Yasmin Ying Zahra Zara Zoe Zuzanna"
).split()

BOYS = (
    "Aaron Abdul Adam Ade Aidan Ahmed Ajay Alfie Ali Amir Anton Archie Arjun Arlo Asher Ayaan Bailey Ben Bilal Blake "
    "Brandon Caleb Callum Cameron Charlie Chidi Connor Daniel Danyal Dawid Dean Declan Dev Dexter Dylan Ebo Edward "
    "Eli Elijah Emeka Emre Ethan Evan Ezra Faisal Felix Finley Frank Freddie Gabriel George Harley Haris Harry Harvey "
    "Hassan Henry Hugo Hussein Ibrahim Idris Isaac Ivan Jack Jacob Jai Jakub Jamal James Jamie Jay Jayden Jin Joel "
    "Jordan Joseph Joshua Jude Junaid Kacper Kai Kamran Karim Kayden Kian Kofi Krish Kwame Kyle Leo Leon Levi Lewis "
    "Liam Logan Louis Luca Lucas Luke Malik Marcel Mason Matteo Max Mehdi Michael Milo Mohammed Musa Nathan Noah "
    "Nikhil Obinna Oliver Omar Oscar Owen Patrick Pavel Rafael Rafi Rayan Reece Remi Rhys Riley Rohan Rory Ryan Sam "
    "Samir Sean Sebastian Seth Stanley Szymon Tariq Taylor Theo Thomas Toby Tomasz Tunde Tyler Umar Viktor William "
    "Xavier Yaw Yusuf Zac Zain Zayd"
).split()

WOMEN = (
    "Agnes Alison Angela Anita Barbara Bukola Carol Catherine Charlotte Claire Dawn Deborah Denise Emma Esther "
    "Fiona Gemma Helen Ines Jackie Jade Jane Jennifer Joanne Julie Karen Kate Kelly Kim Kirsty Laura Leanne Lisa "
    "Lorraine Louise Magda Mandeep Marie Michelle Monica Natalie Nazia Ngozi Nicola Pamela Parveen Rachel Rebecca "
    "Rukhsana Ruth Samantha Sandra Sarah Shabana Sharon Sheila Siobhan Stacey Stephanie Sunita Susan Tanya Teresa "
    "Tracey Valerie Vanessa Victoria Wendy Yvonne"
).split()

MEN = (
    "Adrian Alan Andrew Anthony Barry Brian Chris Colin Craig Darren David Dele Derek Gareth Gary Graham Greg Ian "
    "Imran Jason Jeremy John Jonathan Karl Keith Kevin Lee Marcus Mark Martin Matthew Neil Nigel Osman Paul Peter "
    "Phil Rajesh Richard Robert Roy Russell Sanjay Shaun Simon Stephen Stuart Tim Tony Wayne"
).split()

SURNAMES = (
    "Abara Achterby Adderwick Akhtarian Allbright Amankwa Ansdell Appleyarde Ardenwood Arkley Asante Ashgrove "
    "Atherlow Ayodele Bairstowe Balmforth Bancrofte Barden Barnaby Bashirul Baxley Beckworth Begumi Bellhouse "
    "Benholm Bexfield Birchall Blackmere Blakeney Boatengo Bradwick Bramhall Brantley Brigstock Broadmead Brooksby "
    "Burdale Caldbeck Calloway Carrick Cavell Chakravar Chalfont Chowdri Clavering Cleaver Coldridge Copperfeld "
    "Cragside Cransley Crowhurst Dalbury Danjuma Darrowby Deepdale Delacroix Denholme Dhillonne Diallomi Dunmore "
    "Eastleigh Ekwueme Eldridge Elmsworth Emberton Endicott Evenwood Fairbairn Farndale Faroukh Fenwick Ferrensby "
    "Finchdale Fletton Fordham Foxglove Gainford Garside Ghoshal Glaisdale Goldthorpe Gorecki Grangefield Greenhalge "
    "Grimsdyke Gujralia Hadleigh Hallowes Harcastle Harrowgate Hartwell Haselden Hawkshead Haythorne Helmsby Hepworthy "
    "Hollinshead Holtby Hornsea Hussaini Ibekwe Idowuni Ingleby Islamov Iveson Jabbari Jankowiak Jarrowby Jephson "
    "Kaminskie Kapoorin Karimov Kelbrook Kentmere Khalidi Kilburn Kirkham Kowalczuk Kumarin Lambley Langstroth "
    "Larkspur Lathamby Ledbury Leighfield Linthorpe Lockwood Lowtherby Lubanski Macduffie Malikov Mallerby Marfleet "
    "Marwood Masham Mbekire Meadowcroft Melbury Mensahri Merriweather Middlewich Millbanke Mohamudi Moorcroft "
    "Mossdale Mukherji Narayani Netherby Newbigin Nkrumahi Northcote Nowakowa Nwosuka Oakenshaw Obasanki Okoroji "
    "Oldroyd Onslow Ormsby Osgodby Oyelaran Pakenham Pannalby Patelin Penhaligon Pickersgill Popescul Prestbury "
    "Quarmby Quigleyne Rahmanin Rainsford Ramsdale Ravensworth Redmire Ridgeway Ripley Rokebyne Rossington Rudston "
    "Saddleworth Salehini Sandhurst Satterly Scargill Sedgwick Selbourne Sharmani Shawcroft Siddique Silverdale "
    "Singhara Skelbrooke Slaithby Sowerby Spofforth Stainforth Stanhope Stapleford Stavely Stubbins Suleymani "
    "Sunderby Swaledale Szczepan Tadcaster Tamworthy Tembola Thackray Thirlmere Thornaby Thwaite Tillbrook Todmore "
    "Trelawny Uddinov Ullathorne Underhill Usmanov Vantongeren Vasileva Wainfleet Walshford Wansbeck Warrenby "
    "Weatherall Wensley Westerdale Whitcliffe Wickersley Wilberfoss Winterburn Wojtkowski Wolsingham Woodlesford "
    "Yarmby Yeadon Yusufari Zakarian Zielinska"
).split()

STREETS = (
    "Acorn Road,Albion Terrace,Alder Grove,Beacon Street,Bluebell Close,Bridge Street,Canal Side,Castle View,"
    "Chapel Lane,Cherry Tree Avenue,Church Walk,Clover Court,Copper Lane,Dyer Street,Elm Drive,Fairfield Road,"
    "Ferry Lane,Foundry Street,Gasworks Lane,Green Lane,Harbour Road,Hawthorn Crescent,High Street,Hill Rise,"
    "Jubilee Way,Kestrel Close,Lime Grove,Long Meadow,Market Street,Meadow View,Mill Lane,Moor Road,North Parade,"
    "Oak Avenue,Orchard Close,Park Road,Poplar Drive,Quarry Bank,Railway Terrace,River Walk,Rose Court,School Lane,"
    "Spinners Yard,Spring Gardens,Station Road,Sycamore Way,Tannery Row,Victoria Place,Weaver Street,Willow Bank"
).split(",")

COUNCILS = (
    "Northmere",
    "Aldermoor",
    "Westharbour",
    "Thornwick Vale",
    "Stonebeck",
    "Eastwold",
    "Fernbridge",
    "Harrowmere",
)

AREAS = ("Harbour", "Northside", "Riverside", "Moorland")

# Share of children in need by ethnicity (after DfE, characteristics of children in need 2024, table a4).
ETHNICITIES = {
    "WBRI": 62.0,
    "WIRI": 0.4,
    "WOTH": 5.5,
    "WIRT": 0.4,
    "WROM": 1.0,
    "MWBC": 3.8,
    "MWBA": 1.6,
    "MWAS": 1.3,
    "MOTH": 2.8,
    "AIND": 1.3,
    "APKN": 3.6,
    "ABAN": 1.3,
    "CHNE": 0.3,
    "AOTH": 1.8,
    "BCRB": 2.0,
    "BAFR": 5.0,
    "BOTH": 2.0,
    "OOTH": 3.4,
    "REFU": 0.3,
    "NOBT": 1.5,
}
