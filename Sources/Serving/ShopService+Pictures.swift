public import Domain
import Features
public import Pictures
import Storage

extension ShopService {
    /// What an item looks like; throws `unknownItem`, and `notFound` for one without a picture.
    public func picture(of id: ItemID) throws -> GreyPicture {
        guard let number = try store.numbers(of: [id])[id] else { throw unknown() }
        guard let table = pictures, let place = table.place(of: number) else {
            throw withoutPicture()
        }
        return GreyPicture(width: table.width, height: table.height, pixels: table.pixels(at: place))
    }

    /// Finds the items that look most like a picture.
    ///
    /// Items that are withdrawn, excluded or hidden by a rule without a condition on the query are left out.
    /// - Parameter call: How many, which filters, facets, language and prices; its words take no part.
    /// - Throws: `notFound` in a shop without picture vectors; `notPublished` for filters in one without an index.
    public func search(picture: GreyPicture, _ call: SearchCall) throws -> PictureAnswer {
        let (snapshot, backend) = try pictureBackend(call.priceList)
        let pixels = picture.framed(side: backend.side).pixels
        let hidden = try hiddenItems("", call.priceList)
        let hits = backend.nearest(to: pixels, limit: call.limit, among: try passing(call, snapshot)) {
            !hidden.contains($0) && !snapshot.facts.hidden.contains($0)
        }
        return try answer(hits, snapshot, call)
    }

    /// The items that look most like an item, without itself, as `search(picture:)` finds them.
    ///
    /// - Throws: `unknownItem`; `notFound` for an item without a picture and in a shop without picture vectors.
    public func similarPictures(to id: ItemID, _ call: SearchCall) throws -> PictureAnswer {
        let (snapshot, backend) = try pictureBackend(call.priceList)
        guard let stored = try store.item(id), !stored.isWithdrawn else { throw unknown() }
        let hidden = try hiddenItems("", call.priceList)
        let hits = backend.similar(to: stored.number, limit: call.limit, among: try passing(call, snapshot)) {
            !hidden.contains($0) && !snapshot.facts.hidden.contains($0)
        }
        guard let hits else { throw withoutPicture() }
        return try answer(hits, snapshot, call)
    }

    /// The items that pass a call's filters; `nil` if it has none.
    private func passing(_ call: SearchCall, _ snapshot: Snapshot) throws -> [ItemNumber]? {
        guard call.isFiltered else { return nil }
        return try searchBackend(snapshot).passing(call, offers: snapshot.offers)
    }

    private func withoutPicture() -> ServingError { ServingError(.notFound, "The item has no picture.") }

    private func pictureBackend(_ list: PriceListName) throws -> (Snapshot, any PictureBackend) {
        let snapshot = try snapshot(list)
        guard let backend = snapshot.backends.pictures else {
            throw ServingError(
                .notFound,
                "This shop is not searched by picture: run `souk index` with a network of `souk-train cnn`, and publish."
            )
        }
        return (snapshot, backend)
    }

    private func answer(_ hits: [PictureHit], _ snapshot: Snapshot, _ call: SearchCall) throws -> PictureAnswer {
        var counted = SearchHits()
        if !call.facets.isEmpty {
            var counting = call
            (counting.query, counting.offset, counting.limit) = ("", 0, 0)
            counting.hidden = try hiddenItems("", call.priceList)
            counted = try searchBackend(snapshot).search(counting, offers: snapshot.offers)
        }
        let items = try storedItems(hits.map(\.item)).reduce(into: [:]) { $0[$1.number] = $1 }
        let entries = hits.compactMap { hit in
            items[hit.item].map {
                PictureAnswer.Entry(card: snapshot.card($0.translated(to: call.language)), similarity: hit.similarity)
            }
        }
        return PictureAnswer(
            generation: snapshot.generation, impressionID: nextImpressionID(), entries: entries,
            currency: snapshot.offers.currency, counted: counted)
    }
}
