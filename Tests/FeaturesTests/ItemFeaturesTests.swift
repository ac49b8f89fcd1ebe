import Domain
import Features
import Storage
import Testing

@Suite struct ItemFeaturesTests {
    private func item(_ number: Int, _ title: String, _ change: (inout Item) -> Void = { _ in }) throws -> Item {
        var item = Item(id: try #require(ItemID("x\(number)")), title: title)
        change(&item)
        return item
    }

    private func names(_ features: ItemFeatures, _ item: Int) -> [String: UInt8] {
        Dictionary(
            uniqueKeysWithValues: features.row(of: item).map { place in
                let feature = features.features[Int(features.columns[place])]
                return ("\(feature.kind) \(feature.name)", features.counts[place])
            })
    }

    @Test func `a catalogue becomes words, levels and properties`() throws {
        let store = MemoryStore()
        _ = try store.upsert([
            item(0, "Green apples, green, 6 pack") {
                $0.productType = ["Food", "Fruit"]
                $0.brand = "Orchard"
                $0.attributes = ["brand_class": ["National"], "size": ["6 pack", ""], "manufacturer": ["12"]]
            },
            item(1, "") { $0.attributes = ["manufacturer": ["12"]] },
            item(2, "Äpfel") { ($0.language, $0.productType) = ("de", ["Food"]) },
        ])
        let features = try ItemFeatures(reading: store)
        #expect(features.numberLimit == 3)
        #expect(
            names(features, 0) == [
                "word green": 2, "word appl": 1, "word pack": 1, "category Food": 1, "category Food > Fruit": 1,
                "brand Orchard": 1, "brandClass national": 1, "attribute size=6 pack": 1,
            ])
        #expect(names(features, 1) == ["brand 12": 1])
        #expect(names(features, 2) == ["word apfel": 1, "category Food": 1])
        #expect(features.row(of: 3).isEmpty && features.row(of: -1).isEmpty)
    }

    @Test func `facts alone say categories and brands, and a property can be added to all`() throws {
        var facts = ItemFacts()
        let first = try item(0, "Apple") {
            ($0.productType, $0.brand) = (["Food", "Fruit"], "Orchard")
            $0.attributes = ["brand_class": ["Private"]]
        }
        facts.set(StoredItem(number: ItemNumber(0), item: first, isWithdrawn: false))
        facts.set(StoredItem(number: ItemNumber(2), item: try item(2, "Thing"), isWithdrawn: false))
        var features = ItemFeatures(facts)
        #expect(
            names(features, 0) == [
                "category Food": 1, "category Food > Fruit": 1, "brand Orchard": 1, "brandClass private": 1,
            ])
        #expect(features.numberLimit == 3 && features.row(of: 1).isEmpty && features.row(of: 2).isEmpty)
        features.add(.price, itemLimit: 5) { $0 == 3 || $0 == 0 ? "low" : nil }
        #expect(features.numberLimit == 5 && names(features, 3) == ["price low": 1])
        #expect(names(features, 0).count == 5 && names(features, 0)["price low"] == 1)
        for item in 0..<5 {
            let row = features.row(of: item).map { features.columns[$0] }
            #expect(row == row.sorted())
        }
    }

    @Test func `endless titles, paths and attributes are cut`() throws {
        let long = try item(0, (0..<10_000).map { "word\($0)" }.joined(separator: " ")) {
            $0.productType = Array(repeating: String(repeating: "a", count: 5000), count: 100)
            $0.attributes = ["tag": (0..<5000).map { "value \($0)" }]
        }
        var features = ItemFeatures()
        features.append(StoredItem(number: ItemNumber(0), item: long, isWithdrawn: false))
        #expect(features.row(of: 0).count <= 48 + 8 + 16 && features.features.allSatisfy { $0.name.count <= 120 })
        // An item that comes again, or out of turn, changes nothing.
        let before = features
        features.append(StoredItem(number: ItemNumber(0), item: try item(0, "Other"), isWithdrawn: false))
        #expect(features == before)
    }
}
