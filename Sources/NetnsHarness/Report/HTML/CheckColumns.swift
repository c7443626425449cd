import NetworkState

/// Checks as a page carries them, by the tens of thousands: of each member the values that there are, and for every check
/// the place of its own among these.
///
/// Most members have few values, and most checks the same as the one before: without their names and repetitions, 51,200
/// checks of 9,900 pairs take 2 MB and not 20.
struct CheckColumns {
    private var columns: [String: Column] = [:]
    private let count: Int

    /// - `checks`: objects; what one lacks is null.
    init(_ checks: [JSON]) {
        count = checks.count
        for key in Set(checks.flatMap { $0.object.map { Array($0.keys) } ?? [] }) {
            columns[key] = Column(checks.map { $0[key] ?? .null })
        }
    }

    /// `{"count": 9, "columns": {"kind": {"values": ["reach", "mtu"], "runs": [0, 8, 1, 1]}, …}}`
    var json: JSON {
        .members(["count": .integer(Int64(count)), "columns": .object(columns.mapValues(\.json))])
    }

    private struct Column {
        /// In the order in which they come first.
        private var values: [JSON] = []
        /// Of each check.
        private var places: [Int] = []

        init(_ members: [JSON]) {
            var known: [JSON: Int] = [:]
            for member in members {
                let place = known[member] ?? values.count
                if place == values.count {
                    known[member] = place
                    values.append(member)
                }
                places.append(place)
            }
        }

        /// The places one by one, or by runs, each a place and how often it comes, whichever is shorter.
        var json: JSON {
            let runs = runs
            let isRunning = runs.count < places.count
            return .members([
                "values": .array(values), isRunning ? "runs" : "places": .integers(isRunning ? runs : places),
            ])
        }

        private var runs: [Int] {
            var runs: [Int] = []
            for (index, place) in places.enumerated() {
                if index > 0, places[index - 1] == place {
                    runs[runs.count - 1] += 1
                } else {
                    runs += [place, 1]
                }
            }
            return runs
        }
    }
}

extension JSON {
    fileprivate static func integers(_ values: [Int]) -> JSON { .array(values.map { .integer(Int64($0)) }) }
}
