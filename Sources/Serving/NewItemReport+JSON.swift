import Domain
public import JSON
import Numerics
import Recommenders
import Storage

extension NewItemReport {
    /// Writes the report's members into an object that is open.
    public func write(to writer: inout JSONWriter) {
        writer.member("rate", rate)
        writer.member("prior_impressions", priorStrength)
        writer.object("exploration") { writer in
            writer.member("share", exploration)
            writer.member("places", places)
            writer.member("explored", explored)
        }
        writer.member("synthetic", isSynthetic)
        writer.array("items") { writer in
            for entry in entries { writer.object { Self.write(entry, to: &$0) } }
        }
    }

    private static func write(_ entry: Entry, to writer: inout JSONWriter) {
        writer.member("id", entry.card.item.id.rawValue)
        writer.member("title", entry.card.item.title)
        writer.member("product_type", entry.card.item.productType)
        writer.member("arrived", entry.arrived.description)
        write(entry.total, to: &writer)
        writer.member("rate", entry.posterior.mean)
        writer.array("interval") { writer in
            writer.value(entry.interval.lowerBound)
            writer.value(entry.interval.upperBound)
        }
        writer.name("level_days")
        if let days = entry.levelDays { writer.value(days) } else { writer.null() }
        writer.array("days") { writer in
            for day in entry.days {
                writer.object { writer in
                    writer.member("date", day.start.dateDescription)
                    write(day.seen, to: &writer)
                }
            }
        }
    }

    private static func write(_ seen: Exposure, to writer: inout JSONWriter) {
        writer.member("impressions", seen.impressions)
        writer.member("clicks", seen.clicks)
        writer.member("purchases", seen.purchases)
    }
}
