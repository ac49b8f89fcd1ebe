/// What the stacked ranker knows of a person and an item before a basket: the columns of its rows.
///
/// Ages and gaps are days; a value that does not exist is missing (NaN). One definition serves training and answers.
enum BasketFeature: Int, CaseIterable {
    // The person's own purchases of the item: baskets, ages, decayed counts by half-life in days and by trips.
    case times, last, first, lastTrip, decay5, decay14, decay30, decay60, decay120, tripDecay95, tripDecay80
    case times28, times91, lastGap, meanGap, expectedGap, due, rate, rateSince
    // The item among all people.
    case typicalGap, lines, buyers, again, lines7, lines28, trend7, trend28, linesEach, price, first28, first56
    case shareOfType, isPrivate
    // What it costs now beside its usual price, and in what share of the stores it is displayed and in the mailer, this week
    // and the week before.
    case priceRatio, lines3, display, displayBefore, mailer, mailerBefore
    // What neighbours by decayed counts, neighbours by weighted counts, and neighbours of the items bought say.
    case neighbours, neighboursRoot, neighboursRecent, weightedRecent, weightedRoot, coPurchase
    // How much the item is to the person's taste, by factors.
    case taste
    // The person's purchases of the item's type and category.
    case typeDecay, typeLines, typeBaskets, typeLast, typeDue, typeLift, shareWithinType
    case categoryDecay, categoryLines, categoryBaskets, categoryLast, categoryDue, categoryLift, shareWithinCategory
    // By what score the first stage proposes the item to the person, and how many items it puts before it.
    case proposal, proposalPlace
    // The person.
    case privateShare, newShare, trips, trips28, trips91, lastTripAge, basketSize, tripGap, activity

    static let count = allCases.count
    /// The part of a row that an item has for everybody.
    static let itemColumns: [BasketFeature] = [
        .typicalGap, .lines, .buyers, .again, .lines7, .lines28, .trend7, .trend28, .linesEach, .price, .first28,
        .first56, .shareOfType, .isPrivate, .priceRatio, .lines3, .display, .displayBefore, .mailer, .mailerBefore,
    ]
}
