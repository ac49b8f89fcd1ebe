import CommandInterface
import Domain
import JSON
import Serving
import Storage

/// What the commands share that ask a shop one question and print the answer.
enum PublishedShop {
    /// Opens what the shop of `--shop` has published, asks, and closes it.
    static func ask<Answer>(_ arguments: Arguments, _ question: (ShopService) throws -> Answer) throws -> Answer {
        let service = try ShopService(
            folder: ShopFolder(path: arguments.required("shop")), loader: Backends.published)
        let answer = try question(service)
        try service.close()
        return answer
    }

    /// An answer as one JSON object: the members of `head`, and `items` with the cards and what `item` adds to them.
    static func json<Entry>(
        _ entries: [Entry], head: (inout JSONWriter) -> Void, card: (Entry) -> Card,
        item: (Entry, inout JSONWriter) -> Void
    ) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            head(&writer)
            writer.array("items") { writer in
                for entry in entries {
                    writer.object { writer in
                        writer.member("id", card(entry).item.id.rawValue)
                        writer.member("title", card(entry).item.title)
                        item(entry, &writer)
                    }
                }
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
