import Feeds
import Testing

@Suite struct ShorthandTests {
    @Test(arguments: [
        ("FRZN SS PREMIUM ENTREES/DNRS/N", "Frozen Single Serve Premium Entrees/Dinners"),
        ("SFT DRNK SNGL SRV BTL CARB", "Soft Drink Single Serve Bottle Carbonated"),
        ("BAKED BREAD/BUNS/ROLLS", "Baked Bread/Buns/Rolls"),
        ("", ""),
        ("/ & (", ""),
        ("SOUP (CANNED", "Soup"),
        ("2% MILK", "2% Milk"),
    ])
    func `shorthand becomes words`(source: String, words: String) {
        #expect(ShorthandExpander().expand(source) == words)
    }
}
