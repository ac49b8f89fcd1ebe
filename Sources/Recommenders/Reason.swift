public import Domain

/// Why an item is recommended, as a value: the page's language and titles come later.
public enum Reason: Hashable, Sendable {
    /// Bought `times` times, about every `everyDays` days.
    case rhythm(everyDays: Int, times: Int)
    case boughtBefore(times: Int)
    case oftenBoughtWith(ItemNumber)
    /// Goes with something of the last purchase.
    case goesWith(ItemNumber)
    case similarTo(ItemNumber)
    case oftenBoughtAfter(ItemNumber)
    /// Shoppers with a like history buy it.
    case likeYou
    /// From a category (by the number in `ItemFacts`) that the shopper favours.
    case favouriteCategory(UInt32)
    case popular
    /// Popular within the category of the page.
    case popularIn(String)
    /// Nobody bought it yet, but it is of the category that was asked for.
    case fromCategory(String)
    /// Nobody bought it yet, but it is what was asked for.
    case fitsChoice
    /// In the shop for so many days.
    case newArrival(days: Int)
    /// Sells at a branch, by its name.
    case nearYou(String)
    /// Few have seen it.
    case littleKnown
    /// Of a category that the shopper often buys, by its name.
    case oftenBuys(String)
    /// Like what the shopper buys.
    case likePurchases

    /// The reason as a sentence.
    ///
    /// - Parameter language: A primary tag such as `de`; English for one that `ReasonTexts` does not know.
    /// - Parameter title: The title of an item, or `nil` if it is not to be named.
    /// - Parameter category: The path of a category, widest first.
    public func sentence(
        language: String = "en", title: (ItemNumber) -> String?, category: (UInt32) -> [String]? = { _ in nil }
    ) -> String {
        func named(_ item: ItemNumber, _ named: ReasonTexts.Key, _ unnamed: ReasonTexts.Key) -> String {
            guard let name = title(item) else { return ReasonTexts.text(unnamed, language) }
            return ReasonTexts.text(named, language, name)
        }
        switch self {
        case .rhythm(let days, _):
            return days <= 1 ? ReasonTexts.text(.daily, language) : ReasonTexts.text(.rhythm, language, "\(days)")
        case .boughtBefore(let times):
            return times == 1
                ? ReasonTexts.text(.bought, language) : ReasonTexts.text(.boughtTimes, language, "\(times)")
        case .oftenBoughtWith(let item): return named(item, .boughtWith, .boughtWithChoice)
        case .goesWith(let item): return named(item, .goesWith, .goesWithPurchase)
        case .similarTo(let item): return named(item, .similarTo, .similarToSeen)
        case .oftenBoughtAfter(let item): return named(item, .chosenAfter, .chosenAfterPurchase)
        case .likeYou: return ReasonTexts.text(.likeYou, language)
        case .favouriteCategory(let number):
            guard let name = category(number)?.last else { return ReasonTexts.text(.likedCategory, language) }
            return ReasonTexts.text(.favouriteCategory, language, name)
        case .popular: return ReasonTexts.text(.popular, language)
        case .popularIn(let name): return ReasonTexts.text(.popularIn, language, name)
        case .fromCategory(let name): return ReasonTexts.text(.fromCategory, language, name)
        case .fitsChoice: return ReasonTexts.text(.fitsChoice, language)
        case .newArrival(let days):
            return days <= 1
                ? ReasonTexts.text(.newToday, language) : ReasonTexts.text(.newArrival, language, "\(days)")
        case .nearYou(let branch): return ReasonTexts.text(.nearYou, language, branch)
        case .littleKnown: return ReasonTexts.text(.littleKnown, language)
        case .oftenBuys(let name): return ReasonTexts.text(.oftenBuys, language, name)
        case .likePurchases: return ReasonTexts.text(.likePurchases, language)
        }
    }
}
