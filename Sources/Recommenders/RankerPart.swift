/// What the stacked ranker goes by, in groups that mean something to a shop.
enum RankerPart: String, CaseIterable {
    /// The person's own purchases of the item, and whether it is due.
    case own
    /// What people with like purchases buy.
    case people
    /// What is bought by those who buy what the person bought lately.
    case together
    /// How the item sells, and whether more or less than before.
    case sales
    /// What it costs beside its usual price, displays and the mailer.
    case price
    /// How much it is to the person's taste, by factors.
    case taste
    /// How much the person buys of its type, category and class of brands.
    case habits
    /// How strongly the first stage proposes it: its own sum of own purchases, people and sales.
    case proposal

    /// Its place among all parts.
    var number: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension BasketFeature {
    /// The group that the feature is explained with.
    var part: RankerPart {
        switch self {
        case .times, .last, .first, .lastTrip, .decay5, .decay14, .decay30, .decay60, .decay120, .tripDecay95,
            .tripDecay80, .times28, .times91, .lastGap, .meanGap, .expectedGap, .due, .rate, .rateSince:
            .own
        case .neighbours, .neighboursRoot, .neighboursRecent, .weightedRecent, .weightedRoot: .people
        case .coPurchase: .together
        case .typicalGap, .lines, .buyers, .again, .lines7, .lines28, .trend7, .trend28, .linesEach, .first28, .first56,
            .shareOfType, .lines3:
            .sales
        case .price, .priceRatio, .display, .displayBefore, .mailer, .mailerBefore: .price
        case .taste: .taste
        case .proposal, .proposalPlace: .proposal
        // What is the person's alone is the same for all candidates, and adds nothing beside them.
        case .isPrivate, .typeDecay, .typeLines, .typeBaskets, .typeLast, .typeDue, .typeLift, .shareWithinType,
            .categoryDecay, .categoryLines, .categoryBaskets, .categoryLast, .categoryDue, .categoryLift,
            .shareWithinCategory, .privateShare, .newShare, .trips, .trips28, .trips91, .lastTripAge, .basketSize,
            .tripGap, .activity:
            .habits
        }
    }
}
