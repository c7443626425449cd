import ArgumentParser
import NetworkState

/// A part of all: `10%`.
struct ShareArgument: ExpressibleByArgument, Hashable {
    let share: Double

    init?(argument: String) {
        guard let share = Quantity.share.parse(argument) else { return nil }
        self.share = share
    }
}

/// In bits a second: `10Mbit`.
struct RateArgument: ExpressibleByArgument, Hashable {
    let rate: UInt64

    init?(argument: String) {
        guard let rate = Quantity.rate.parse(argument) else { return nil }
        self.rate = rate
    }
}
