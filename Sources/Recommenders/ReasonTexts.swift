/// The sentences of reasons by language, in one table.
///
/// `%` stands for an item's title, a category, a branch or a number. Every language has every sentence: a test counts.
public enum ReasonTexts {
    public enum Key: Int, Sendable, CaseIterable {
        case daily, rhythm, bought, boughtTimes, boughtWith, boughtWithChoice, goesWith, goesWithPurchase
        case similarTo, similarToSeen, chosenAfter, chosenAfterPurchase, likeYou, favouriteCategory, likedCategory
        case popular, popularIn, fromCategory, fitsChoice, newToday, newArrival, nearYou, littleKnown
        case oftenBuys, likePurchases
    }

    /// Primary tags, in the order of the alphabet.
    public static var languages: [String] { table.keys.sorted() }

    /// Whether sentences exist in a language.
    public static func speaks(_ language: String) -> Bool { table[language] != nil }

    /// A sentence with its gap filled; in English if the language is not in the table.
    public static func text(_ key: Key, _ language: String, _ value: String = "") -> String {
        let texts = table[language] ?? english
        let text = key.rawValue < texts.count ? texts[key.rawValue] : english[key.rawValue]
        guard let gap = text.firstIndex(of: "%") else { return text }
        return text[..<gap] + value + text[text.index(after: gap)...]
    }

    /// The sentence as it stands in the table; `nil` where it is missing.
    static func template(_ key: Key, _ language: String) -> String? {
        guard let texts = table[language], key.rawValue < texts.count else { return nil }
        return texts[key.rawValue]
    }

    private static let english = [
        "You buy this almost every day", "You buy this about every % days", "You bought this before",
        "You bought this % times", "Often bought with %", "Often bought with what you chose",
        "Goes with % that you bought", "Goes with what you bought", "Similar to %", "Similar to what you looked at",
        "Often chosen after %", "Often chosen after what you bought", "Bought by shoppers like you",
        "Because you like %", "Because you like this category", "Popular this week", "Popular in %", "From %",
        "Fits what you asked for", "New in the shop", "New in the shop for % days", "Popular at %",
        "Seen by few so far", "Because you often buy %", "Like what you often buy",
    ]

    private static let table: [String: [String]] = [
        "en": english,
        "de": [
            "Das kaufen Sie fast jeden Tag", "Das kaufen Sie etwa alle % Tage", "Das haben Sie schon einmal gekauft",
            "Das haben Sie %-mal gekauft", "Oft zusammen gekauft mit %", "Oft zusammen gekauft mit Ihrer Auswahl",
            "Passt zu %, das Sie gekauft haben", "Passt zu Ihrem Einkauf", "Ähnlich wie %",
            "Ähnlich wie das, was Sie angesehen haben", "Oft gewählt nach %", "Oft gewählt nach Ihrem Einkauf",
            "Gekauft von Kunden mit ähnlichen Einkäufen", "Weil Sie % mögen", "Weil Sie diese Kategorie mögen",
            "Diese Woche beliebt", "Beliebt in %", "Aus %", "Passt zu Ihrer Suche", "Neu im Sortiment",
            "Seit % Tagen im Sortiment", "Beliebt bei %", "Bisher von wenigen gesehen",
            "Weil Sie oft % kaufen", "Ähnlich wie das, was Sie oft kaufen",
        ],
        "es": [
            "Lo compra casi todos los días", "Lo compra cada % días aproximadamente", "Ya lo ha comprado",
            "Lo ha comprado % veces", "Se compra a menudo con %", "Se compra a menudo con lo que ha elegido",
            "Va con %, que usted ha comprado", "Va con su compra", "Parecido a %", "Parecido a lo que ha visto",
            "A menudo se elige después de %", "A menudo se elige después de su compra",
            "Lo compran clientes como usted", "Porque le gusta %", "Porque le gusta esta categoría",
            "Popular esta semana", "Popular en %", "De %", "Se ajusta a lo que busca", "Nuevo en la tienda",
            "En la tienda desde hace % días", "Popular en la tienda %", "Visto por pocos hasta ahora",
            "Porque compra a menudo %", "Parecido a lo que compra a menudo",
        ],
        "fr": [
            "Vous l’achetez presque tous les jours", "Vous l’achetez environ tous les % jours",
            "Vous l’avez déjà acheté", "Vous l’avez acheté % fois", "Souvent acheté avec %",
            "Souvent acheté avec ce que vous avez choisi", "Va avec %, que vous avez acheté", "Va avec votre achat",
            "Semblable à %", "Semblable à ce que vous avez regardé", "Souvent choisi après %",
            "Souvent choisi après votre achat", "Acheté par des clients comme vous", "Parce que vous aimez %",
            "Parce que vous aimez cette catégorie", "Populaire cette semaine", "Populaire dans %", "Du rayon %",
            "Correspond à votre demande", "Nouveau dans la boutique", "Dans la boutique depuis % jours",
            "Populaire au magasin %", "Encore peu vu", "Parce que vous achetez souvent %",
            "Semblable à ce que vous achetez souvent",
        ],
        "it": [
            "Lo acquista quasi ogni giorno", "Lo acquista circa ogni % giorni", "L’ha già acquistato",
            "L’ha acquistato % volte", "Spesso acquistato con %", "Spesso acquistato con ciò che ha scelto",
            "Si abbina a %, che ha acquistato", "Si abbina al suo acquisto", "Simile a %",
            "Simile a ciò che ha guardato", "Spesso scelto dopo %", "Spesso scelto dopo il suo acquisto",
            "Acquistato da clienti come lei", "Perché le piace %", "Perché le piace questa categoria",
            "Popolare questa settimana", "Popolare in %", "Da %", "Corrisponde alla sua richiesta",
            "Novità nel negozio", "Nel negozio da % giorni", "Popolare presso %", "Finora visto da pochi",
            "Perché acquista spesso %", "Simile a ciò che acquista spesso",
        ],
        "nl": [
            "U koopt dit bijna elke dag", "U koopt dit ongeveer om de % dagen", "U hebt dit al eens gekocht",
            "U hebt dit % keer gekocht", "Vaak gekocht met %", "Vaak gekocht met wat u hebt gekozen",
            "Past bij %, dat u hebt gekocht", "Past bij uw aankoop", "Lijkt op %", "Lijkt op wat u hebt bekeken",
            "Vaak gekozen na %", "Vaak gekozen na uw aankoop", "Gekocht door klanten zoals u",
            "Omdat u van % houdt", "Omdat u van deze categorie houdt", "Populair deze week", "Populair in %",
            "Uit %", "Past bij wat u zoekt", "Nieuw in de winkel", "Sinds % dagen in de winkel", "Populair bij %",
            "Nog door weinigen gezien", "Omdat u vaak % koopt", "Lijkt op wat u vaak koopt",
        ],
        "pt": [
            "Compra isto quase todos os dias", "Compra isto a cada % dias, mais ou menos", "Já comprou isto",
            "Comprou isto % vezes", "Muitas vezes comprado com %", "Muitas vezes comprado com o que escolheu",
            "Combina com %, que comprou", "Combina com a sua compra", "Semelhante a %",
            "Semelhante ao que viu", "Muitas vezes escolhido depois de %",
            "Muitas vezes escolhido depois da sua compra", "Comprado por clientes como você", "Porque gosta de %",
            "Porque gosta desta categoria", "Popular esta semana", "Popular em %", "De %",
            "Corresponde ao que procura", "Novo na loja", "Na loja há % dias", "Popular na loja %",
            "Visto por poucos até agora", "Porque compra % muitas vezes", "Semelhante ao que compra muitas vezes",
        ],
    ]
}
