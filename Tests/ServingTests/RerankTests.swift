import Domain
import JSON
import Meaning
import Numerics
import SearchIndex
import Serving
import Storage
import TestSupport
import Testing

/// A shop with a real index and a cross-encoder of seeded weights.
@Suite struct RerankTests {
    private static let titles = ["Milk", "Milk bread", "Milk rice", "Milk tea", "Sweet milk tea"]
    private let folder: TemporaryFolder
    private let service: ShopService

    init() throws {
        folder = try TemporaryFolder()
        let config = ShopConfig(shop: ShopID("corner")!, title: "Corner", currency: .eur, language: "en-GB")
        let shop = try ShopFolder.create(path: folder.file("corner"), config: config)
        let store = try shop.openStore(.readWrite)
        _ = try store.upsert(Self.titles.enumerated().map { Item(id: itemID("i\($0)"), title: $1) })
        var index = IndexBuilder(language: "en")
        for stored in try store.items(after: nil, limit: 10) { index.add(stored, popularity: 0) }
        try FileSystem.makeFolder(shop.indexFolder)
        try index.write(to: shop.indexFolder + "/1", expansions: [], translations: [:])
        try store.close()
        let path = "models/\(PairReranker.kind)/1"
        try Self.write(to: shop.path + "/" + path)
        _ = try PublicationStore(folder: shop).publish(
            Publication(
                index: "index/1", models: [PairReranker.kind: path], erasures: 0,
                created: Timestamp(year: 2026, month: 1, day: 1)))
        service = try ShopService(folder: shop, loader: Backends.published)
    }

    private func search(
        rerank depth: Int, offset: Int = 0, limit: Int = 10, sort: SearchCall.Sort = .relevance
    ) throws -> SearchAnswer {
        var call = SearchCall()
        (call.query, call.rerankDepth, call.offset, call.limit) = ("milk", depth, offset, limit)
        (call.sort, call.explains) = (sort, true)
        return try service.search(call)
    }

    private func ids(_ answer: SearchAnswer) -> [String] { answer.entries.map(\.card.item.id.rawValue) }

    private func part(_ hit: SearchHits.Hit) -> Double? {
        hit.explanation?["children"]?.arrayValue?.first { $0["label"]?.stringValue == "cross_encoder" }?["value"]?
            .doubleValue
    }

    @Test func `the first items are put in order and their scores explained, the rest stays behind`() throws {
        let plain = try search(rerank: 0)
        #expect(plain.entries.allSatisfy { part($0.hit) == nil })
        let all = try search(rerank: 5)
        #expect(ids(all) != ids(plain) && Set(ids(all)) == Set(ids(plain)))
        #expect(all.hits.total == plain.hits.total)
        for entry in all.entries {
            let gain = try #require(part(entry.hit))
            #expect(gain > 0 && gain <= plain.entries[0].hit.score * PairReranker.share + 1e-9)
            let sum = try #require(entry.hit.explanation?["value"]?.doubleValue)
            #expect(abs(sum - entry.hit.score) < 1e-3)
        }
        #expect(all.entries.map(\.hit.score) == all.entries.map(\.hit.score).sorted(by: >))
        let three = try search(rerank: 3)
        #expect(Set(ids(three).prefix(3)) == Set(ids(plain).prefix(3)))
        #expect(Array(ids(three).suffix(2)) == Array(ids(plain).suffix(2)))
    }

    @Test func `pages are parts of one list, and other orders are left alone`() throws {
        let all = try ids(search(rerank: 4))
        let pages = try (0..<3).flatMap { try ids(search(rerank: 4, offset: $0 * 2, limit: 2)) }
        #expect(pages == all)
        #expect(try ids(search(rerank: 5, sort: .title)) == ids(search(rerank: 0, sort: .title)))
    }

    private static func write(to folder: String) throws {
        let width = 8
        var weights = SafetensorsWriter()
        var random = SeededGenerator(seed: 5)
        func add(_ name: String, _ shape: [Int], scale: Double = 1) {
            weights.add(
                name, (0..<shape.reduce(1, *)).map { _ in Float(scale * (random.unit() - 0.5)) }, shape: shape)
        }
        func dense(_ name: String, _ rows: Int, _ columns: Int, scale: Double = 1) {
            add(name + ".weight", [rows, columns], scale: scale)
            add(name + ".bias", [rows])
        }
        add("embeddings.word_embeddings.weight", [10, width])
        add("embeddings.position_embeddings.weight", [16, width])
        add("embeddings.token_type_embeddings.weight", [2, width])
        let layer = "encoder.layer.0"
        for name in ["self.query", "self.key", "self.value", "output.dense"] {
            dense("\(layer).attention.\(name)", width, width, scale: 4)
        }
        dense("\(layer).intermediate.dense", 16, width)
        dense("\(layer).output.dense", width, 16)
        for name in ["embeddings.LayerNorm", "\(layer).attention.output.LayerNorm", "\(layer).output.LayerNorm"] {
            weights.add(name + ".weight", [Float](repeating: 1, count: width), shape: [width])
            add(name + ".bias", [width])
        }
        dense("classifier", 1, width, scale: 60)
        let config = """
            {"model_type":"bert","hidden_act":"gelu","hidden_size":8,"intermediate_size":16,"num_hidden_layers":1,
            "num_attention_heads":1,"vocab_size":10,"max_position_embeddings":16}
            """
        var writer = try ArtefactWriter(
            folder: folder, kind: PairReranker.kind, formatVersion: 1, creator: "test", seed: 5)
        try writer.add("model.safetensors", weights.encoded())
        try writer.add("config.json", Array(config.utf8))
        try writer.add("vocab.txt", Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\nmilk\nbread\nrice\ntea\nsweet\nx".utf8))
        _ = try writer.finish(metrics: [:])
    }
}
