/// A report in one HTML file: text, tables and plots, readable without a network, in light and dark.
///
/// Everything given as text is escaped. The same content gives the same bytes: the report holds no date of its own.
public struct HTMLReport: Sendable {
    public let title: String
    public let subtitle: String
    private var sections: [String] = []

    public init(title: String, subtitle: String = "") { (self.title, self.subtitle) = (title, subtitle) }

    /// Adds a section; `conclusion` says in a sentence or two what to conclude from it and what not.
    public mutating func add(section title: String, conclusion: String, blocks: [ReportBlock]) {
        let body = blocks.map(\.html).joined(separator: "\n")
        sections.append(
            """
            <section><h2>\(HTMLText.escaped(title))</h2>
            \(body)
            <p class="conclusion">\(HTMLText.escaped(conclusion))</p></section>
            """)
    }

    /// The whole file.
    public var html: String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(HTMLText.escaped(title))</title><style>\(Self.style)</style></head>
        <body><main><h1>\(HTMLText.escaped(title))</h1>
        <p class="subtitle">\(HTMLText.escaped(subtitle))</p>
        \(sections.joined(separator: "\n"))
        </main></body></html>

        """
    }

    /// Writes the file in one step.
    public func write(to path: String) throws(EvaluationError) { try RunWriter.write(html, to: path) }

    private static let style = """
        :root{color-scheme:light dark;--ink:#1c2330;--soft:#5b6475;--paper:#fff;--line:#d9dee7;--a:#2563b8;--b:#b45309;\
        --c:#0f766e;--d:#9d2b6b;--tint:#f3f6fb}
        @media(prefers-color-scheme:dark){:root{--ink:#e6eaf2;--soft:#a3adbf;--paper:#141922;--line:#333c4d;--a:#7db0f5;\
        --b:#f0b35e;--c:#5fcfc0;--d:#ee8fc2;--tint:#1c2330}}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
        h1{font-size:1.7rem;margin:0}h2{font-size:1.2rem;margin:2.2rem 0 .6rem}.subtitle{color:var(--soft);margin:.2rem 0 0}
        .scroll{overflow-x:auto}table{border-collapse:collapse;margin:.6rem 0;font-variant-numeric:tabular-nums}
        caption{text-align:left;color:var(--soft);padding:.2rem 0}
        th,td{padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line);text-align:right}
        th:first-child,td:first-child,.text{text-align:left;vertical-align:top}th{font-weight:600}
        .conclusion{background:var(--tint);border-left:4px solid var(--a);padding:.6rem .9rem;border-radius:0 .3rem .3rem 0}
        .synthetic{border-left-color:var(--b)}
        figure{margin:.8rem 0}figcaption{color:var(--soft)}svg{max-width:100%;height:auto;display:block}
        svg text{fill:var(--ink);font:12px system-ui,sans-serif}svg .axis{stroke:var(--line)}svg .chance{stroke:var(--soft);stroke-dasharray:4 4}\
        svg .whisker{stroke:var(--ink)}
        svg .s0{fill:var(--a)}svg .s1{fill:var(--b)}svg .s2{fill:var(--c)}svg .s3{fill:var(--d)}
        svg polyline{fill:none;stroke-width:2}svg .l0{stroke:var(--a)}svg .l1{stroke:var(--b)}svg .l2{stroke:var(--c)}\
        svg .l3{stroke:var(--d)}
        """
}
