import Domain
import JSON
import Serving

extension JSONWriter {
    /// The members of a card, inside an object that is open.
    mutating func cardMembers(_ card: Card, currency: Currency) {
        let item = card.item
        member("id", item.id.rawValue)
        member("title", item.title)
        member("product_type", item.productType)
        member("brand", item.brand)
        optional("price", card.price?.decimalText)
        optional("price_before_sale", card.priceBeforeSale?.decimalText)
        member("currency", currency.code)
        member("in_stock", card.isInStock)
        object("attributes") { writer in
            for (name, values) in item.attributes.sorted(by: { $0.key < $1.key }) {
                writer.name(dynamic: name)
                writer.array { writer in values.forEach { writer.value($0) } }
            }
        }
        member("link", item.link)
        member("image_link", item.imageLink)
        member("source_text", item.sourceText)
        name("rating")
        guard let rating = card.rating else { return null() }
        object { writer in
            writer.member("stars", (rating.stars * 100).rounded() / 100)
            writer.member("mean", (rating.mean * 100).rounded() / 100)
            writer.member("count", rating.count)
            writer.member("synthetic", rating.synthetic > 0)
        }
    }

    mutating func card(_ card: Card, currency: Currency) {
        object { $0.cardMembers(card, currency: currency) }
    }

    mutating func optional(_ name: StaticString, _ text: String?) {
        self.name(name)
        if let text { value(text) } else { null() }
    }

    mutating func optional(_ name: StaticString, _ number: Double?) {
        self.name(name)
        if let number { value(number) } else { null() }
    }

    /// Milliseconds with two decimals.
    mutating func took(since start: ContinuousClock.Instant) {
        let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
        member("took_ms", (milliseconds * 100).rounded() / 100)
    }

    mutating func shares(_ name: StaticString, _ list: [ProfileAnswer.CategoryShare]) {
        array(name) { writer in
            for share in list {
                writer.object { writer in
                    writer.member("path", share.path)
                    writer.member("share", share.share)
                }
            }
        }
    }

    mutating func categories(_ list: [(path: [String], count: Int)]) {
        array("categories") { writer in
            for category in list {
                writer.object { writer in
                    writer.member("path", category.path)
                    writer.member("count", category.count)
                }
            }
        }
    }

    mutating func rejected(_ list: [(index: Int, reason: String)]) {
        array("rejected") { writer in
            for (index, reason) in list {
                writer.object { writer in
                    writer.member("index", index)
                    writer.member("reason", reason)
                }
            }
        }
    }
}
