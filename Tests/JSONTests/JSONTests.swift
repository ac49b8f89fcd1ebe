import JSON
import Testing

@Suite struct JSONTests {
    @Test func `a text is written back as it was read`() throws {
        let text = #"{"b":[1,2.5,-3,true,null],"a":{"é":"line\n\"quoted\""},"big":9007199254740993}"#
        let value = try JSONValue(parsing: text)
        #expect(String(decoding: value.encoded, as: UTF8.self) == text)
    }

    @Test(arguments: ["", "{", "[1,]", "{\"a\":1,\"a\":2}", "NaN", "[1e999]", "\"\\ud800\"", "{} x", "nul"])
    func `a broken text is refused`(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test func `invalid UTF-8 is refused and named`() {
        #expect { try JSONValue(parsing: [0x22, 0xFF, 0x22]) } throws: { ($0 as? JSONError)?.code == .notUTF8 }
    }

    @Test func `a message does not quote the input`() {
        #expect { try JSONValue(parsing: #"{"user":"jane.doe@example.com"#) } throws: { error in
            !"\(error)".contains("jane")
        }
    }

    @Test func `deep nesting is refused, not a crash`() {
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 100_000)) }
    }

    @Test func `markup characters are escaped`() {
        #expect(String(decoding: JSONValue.string("</script>").encoded, as: UTF8.self) == #""\u003c/script\u003e""#)
    }
}
