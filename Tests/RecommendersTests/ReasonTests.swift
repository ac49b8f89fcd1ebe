import Domain
import Testing

@testable import Recommenders

@Suite struct ReasonTests {
    @Test func `every language has every sentence with the same gaps`() throws {
        #expect(ReasonTexts.languages == ["de", "en", "es", "fr", "it", "nl", "pt"])
        for language in ReasonTexts.languages {
            for key in ReasonTexts.Key.allCases {
                let text = try #require(ReasonTexts.template(key, language), "\(language) \(key)")
                let english = try #require(ReasonTexts.template(key, "en"))
                #expect(!text.isEmpty && text.count { $0 == "%" } == english.count { $0 == "%" }, "\(language) \(key)")
                #expect(language == "en" || text != english, "\(language) \(key)")
            }
        }
    }

    @Test func `sentences name what they speak of`() {
        let title: (ItemNumber) -> String? = { $0.rawValue == 1 ? "Milk 100 %" : nil }
        #expect(Reason.oftenBoughtWith(ItemNumber(1)).sentence(title: title) == "Often bought with Milk 100 %")
        #expect(Reason.oftenBoughtWith(ItemNumber(2)).sentence(title: title) == "Often bought with what you chose")
        #expect(
            Reason.goesWith(ItemNumber(1)).sentence(language: "de", title: title)
                == "Passt zu Milk 100 %, das Sie gekauft haben")
        #expect(
            Reason.rhythm(everyDays: 9, times: 4).sentence(language: "fr", title: title)
                == "Vous l’achetez environ tous les 9 jours")
        #expect(Reason.rhythm(everyDays: 1, times: 4).sentence(title: title) == "You buy this almost every day")
        #expect(Reason.nearYou("Markt 5").sentence(language: "nl", title: title) == "Populair bij Markt 5")
        #expect(Reason.popular.sentence(language: "xx", title: title) == "Popular this week")
        #expect(
            Reason.favouriteCategory(3).sentence(language: "it", title: title) { _ in ["Cibo", "Pane"] }
                == "Perché le piace Pane")
        #expect(
            Reason.favouriteCategory(3).sentence(language: "pt", title: title) == "Porque gosta desta categoria")
    }
}
