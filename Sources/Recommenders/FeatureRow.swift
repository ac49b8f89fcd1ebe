import Domain
import Foundation

/// One row of the stacked ranker, filled part by part.
struct FeatureRow {
    private(set) var values = [Float](repeating: .nan, count: BasketFeature.count)

    subscript(feature: BasketFeature) -> Float {
        get { values[feature.rawValue] }
        set { values[feature.rawValue] = newValue }
    }

    mutating func setPerson(_ habits: PersonHabits) {
        self[.privateShare] = habits.privateShare
        self[.newShare] = habits.newShare
        self[.trips] = habits.trips
        self[.trips28] = habits.trips28
        self[.trips91] = habits.trips91
        self[.lastTripAge] = habits.lastTripAge
        self[.basketSize] = habits.basketSize
        self[.tripGap] = habits.tripGap
        self[.activity] = habits.activity
    }

    mutating func setItem(_ item: UInt32, items: BasketItems) {
        let row = items.row(item)
        for (place, feature) in BasketFeature.itemColumns.enumerated() {
            self[feature] = row.isEmpty ? .nan : row[row.startIndex + place]
        }
    }

    /// Needs the item's part; `own` is `nil` for an item that the person never bought.
    mutating func setOwn(_ own: PersonHabits.Own?, habits: PersonHabits) {
        guard let own else {
            for place in BasketFeature.times.rawValue...BasketFeature.rateSince.rawValue { values[place] = .nan }
            (self[.times], self[.rate]) = (0, 0)
            return
        }
        let gap = (own.first - own.last) / max(1, own.times - 1)
        self[.times] = own.times
        self[.last] = own.last
        self[.first] = own.first
        self[.lastTrip] = own.lastTrip
        self[.decay5] = own.decays[0]
        self[.decay14] = own.decays[1]
        self[.decay30] = own.decays[2]
        self[.decay60] = own.decays[3]
        self[.decay120] = own.decays[4]
        self[.tripDecay95] = own.tripDecay95
        self[.tripDecay80] = own.tripDecay80
        self[.times28] = own.times28
        self[.times91] = own.times91
        self[.lastGap] = own.times > 1 ? own.secondLast - own.last : .nan
        self[.meanGap] = own.times > 1 ? gap : .nan
        let expected = PurchaseRhythm.expectedGap(times: own.times, gap: gap, typical: self[.typicalGap])
        self[.expectedGap] = expected
        self[.due] = own.last / expected
        self[.rate] = own.times / max(1, habits.trips)
        self[.rateSince] = own.times / (own.firstTrip + 1)
    }

    /// Needs the part of own purchases.
    mutating func setGroups(_ item: UInt32, habits: PersonHabits, items: BasketItems) {
        let own = habits.own[item]?.decays[2] ?? 0
        let type = items.type(item)
        set(
            from: .typeDecay, type.flatMap { habits.types[$0] }, own: own,
            crowd: type.map { items.typeShares[Int($0)] } ?? 0, activity: habits.activity)
        let category = items.category(item)
        set(
            from: .categoryDecay, category.flatMap { habits.categories[$0] }, own: own,
            crowd: category.map { items.categoryShares[Int($0)] } ?? 0, activity: habits.activity)
    }

    private mutating func set(
        from first: BasketFeature, _ group: PersonHabits.Group?, own: Float, crowd: Float, activity: Float
    ) {
        let group = group ?? PersonHabits.Group()
        let share = group.decay / max(1e-6, activity)
        // In the order of the features from `first` on: decay, lines, baskets, last, due, lift, share of the item.
        let part: [Float] = [
            group.decay, group.lines, group.baskets, group.last.isFinite ? group.last : .nan, group.due,
            (share + 0.3 * crowd) / (1.3 * crowd + 1e-6), own / max(1e-6, group.decay),
        ]
        for (place, value) in part.enumerated() { values[first.rawValue + place] = value }
    }

    mutating func setVoices(_ voices: SIMD8<Float>, coPurchase: Float, taste: Float) {
        for place in 0..<5 { values[BasketFeature.neighbours.rawValue + place] = voices[place] }
        (self[.coPurchase], self[.taste]) = (coPurchase, taste)
    }
}
