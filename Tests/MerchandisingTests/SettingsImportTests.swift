import JSON
import Merchandising
import Testing

@Suite struct SettingsImportTests {
    private func read(_ text: String) throws -> SettingsImport { try SettingsImport(try JSONValue(parsing: text)) }

    @Test func `Algolia's settings become fields, language and grouping, and the rest is named`() throws {
        let taken = try read(
            """
            {"searchableAttributes":["name,brand","unordered(description)","attributes.color","hierarchicalCategories.lvl0"],
             "attributesForFaceting":["filterOnly(price)","searchable(brand)"],"customRanking":["desc(popularity)"],
             "queryLanguages":["fr-FR"],"attributeForDistinct":"group","distinct":2,"replicas":["x"],"unknown":null}
            """)
        #expect(taken.format == .algolia)
        #expect(taken.searchedFields == ["title", "brand", "description", "color", "product_type"])
        #expect(taken.language == "fr")
        #expect(taken.groupsVariants == true)
        #expect(taken.notes.contains { $0.setting == "replicas" && $0.text.contains("no counterpart") })
        #expect(!taken.notes.contains { $0.setting == "unknown" })
        #expect(try read(#"{"distinct":false}"#).groupsVariants == false)
        #expect(try read(#"{"queryLanguages":["français"],"hitsPerPage":20}"#).language == nil)
    }

    @Test func `a schema of Typesense becomes fields where some are not indexed`() throws {
        let schema = """
            {"name":"products","fields":[{"name":"title","type":"string","locale":"de"},{"name":"brand","type":"string"},
             {"name":"internal","type":"string","index":false},{"name":"price","type":"float"},
             {"name":"location","type":"geopoint"}],"default_sorting_field":"price"}
            """
        let taken = try read(schema)
        #expect(taken.format == .typesense)
        #expect(taken.searchedFields == ["title", "brand"])
        #expect(taken.language == "de")
        #expect(taken.notes.contains { $0.setting == "fields.location" })
        #expect(try read(schema.replacing(",\"index\":false", with: "")).searchedFields == nil)
    }

    @Test(arguments: ["[]", "{}", #"{"title":"x"}"#, #"{"fields":[]}"#, "3"]) func `what is neither is refused`(
        text: String
    ) {
        #expect(throws: RuleError.self) { try read(text) }
    }
}
