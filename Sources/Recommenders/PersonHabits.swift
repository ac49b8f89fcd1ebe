import Domain
import Features
import Foundation

/// One person's purchases before a moment, summed up by item, type and category: the personal part of a ranker's row.
struct PersonHabits {
    struct Own {
        var times: Float = 0
        var last = Float.infinity
        var secondLast = Float.infinity
        var first: Float = 0
        var lastTrip = Float.infinity
        var firstTrip: Float = 0
        /// By half-lives of 5, 14, 30, 60 and 120 days.
        var decays = SIMD8<Float>.zero
        var tripDecay95: Float = 0
        var tripDecay80: Float = 0
        var times28: Float = 0
        var times91: Float = 0
    }

    /// Purchases of one type or category.
    struct Group {
        var decay: Float = 0
        var lines: Float = 0
        var baskets: Float = 0
        var last = Float.infinity
        var first: Float = 0
        var basket: Int32 = -1
    }

    private(set) var own: [UInt32: Own] = [:]
    private(set) var types: [UInt32: Group] = [:]
    private(set) var categories: [UInt32: Group] = [:]
    private(set) var trips: Float = 0
    private(set) var trips28: Float = 0
    private(set) var trips91: Float = 0
    private(set) var lastTripAge = Float.nan
    private(set) var firstTripAge = Float.nan
    private(set) var lines: Float = 0
    private(set) var activity: Float = 0
    private(set) var privateShare = Float.nan
    private(set) var newShare = Float.nan

    static let inverseHalfLives = SIMD8<Float>(1 / 5, 1 / 14, 1 / 30, 1 / 60, 1 / 120, 0, 0, 0)

    /// - Parameter history: Oldest first; what is no purchase, or not before `now`, does not count.
    init(_ history: [Interaction], now: Timestamp, items: BasketItems) {
        let bought = history.filter { $0.name == .purchase && $0.time < now }
        var trip = Int(Set(bought.map(\.basket)).count)
        var (privateSum, brandSum, new91, lines91): (Float, Float, Float, Float) = (0, 0, 0, 0)
        // A basket's lines have one age, mostly.
        var (steps, tripSteps) = (AgeSteps(.nan), TripSteps(.nan))
        var basket: Int32?
        var inBasket: Set<UInt32> = []
        for line in bought {
            let age = Float(now.days(since: line.time))
            if line.basket != basket {
                basket = line.basket
                inBasket.removeAll(keepingCapacity: true)
                trip -= 1
                tripSteps = TripSteps(Float(trip))
                countTrip(age)
            }
            if age != steps.age { steps = AgeSteps(age) }
            let item = line.item.rawValue
            guard inBasket.insert(item).inserted else { continue }
            let isNew = own[item] == nil
            own[item, default: Own()].add(steps, tripSteps)
            let decay30 = steps.decay30
            lines += 1
            activity += decay30
            if let type = items.type(item) { types[type, default: Group()].add(age, decay30, line.basket) }
            if let category = items.category(item) {
                categories[category, default: Group()].add(age, decay30, line.basket)
            }
            brandSum += steps.decay60
            privateSum += items.isPrivate(item) ? steps.decay60 : 0
            if age < 91 {
                lines91 += 1
                new91 += isNew ? 1 : 0
            }
        }
        if brandSum > 0 { privateShare = privateSum / brandSum }
        if lines91 > 0 { newShare = new91 / lines91 }
    }

    private mutating func countTrip(_ age: Float) {
        trips += 1
        trips28 += age < 28 ? 1 : 0
        trips91 += age < 91 ? 1 : 0
        lastTripAge = lastTripAge.isNaN ? age : min(lastTripAge, age)
        firstTripAge = firstTripAge.isNaN ? age : max(firstTripAge, age)
    }

    var basketSize: Float { trips > 0 ? lines / trips : .nan }
    var tripGap: Float { trips > 1 ? (firstTripAge - lastTripAge) / (trips - 1) : .nan }
}

/// What a purchase of an age adds to decayed counts.
private struct AgeSteps {
    let age: Float
    /// In the order of `PersonHabits.Own.decays`; zero beyond.
    private(set) var decays = SIMD8<Float>.zero
    let decay30: Float
    let decay60: Float

    init(_ age: Float) {
        self.age = age
        let exponents = PersonHabits.inverseHalfLives * -age
        for place in 0..<5 { decays[place] = exp2(exponents[place]) }
        (decay30, decay60) = (exp2(-age / 30), exp2(-age / 60))
    }
}

/// What a purchase so many baskets ago adds to counts that decay by baskets.
private struct TripSteps {
    let trip: Float
    let decay95: Float
    let decay80: Float

    init(_ trip: Float) { (self.trip, decay95, decay80) = (trip, pow(0.95, trip), pow(0.8, trip)) }
}

extension PersonHabits.Own {
    fileprivate mutating func add(_ steps: AgeSteps, _ tripSteps: TripSteps) {
        let (age, trip) = (steps.age, tripSteps.trip)
        times += 1
        if age < last {
            (secondLast, last) = (last, age)
        } else {
            secondLast = min(secondLast, age)
        }
        first = max(first, age)
        lastTrip = min(lastTrip, trip)
        firstTrip = max(firstTrip, trip)
        decays += steps.decays
        tripDecay95 += tripSteps.decay95
        tripDecay80 += tripSteps.decay80
        times28 += age < 28 ? 1 : 0
        times91 += age < 91 ? 1 : 0
    }
}

extension PersonHabits.Group {
    fileprivate mutating func add(_ age: Float, _ decay30: Float, _ basket: Int32) {
        decay += decay30
        lines += 1
        if basket != self.basket { baskets += 1 }
        self.basket = basket
        last = min(last, age)
        first = max(first, age)
    }

    /// Age of the last purchase by the mean gap of at least a day; missing for fewer than two baskets.
    var due: Float { baskets > 1 ? last / max(1, (first - last) / (baskets - 1)) : .nan }
}
