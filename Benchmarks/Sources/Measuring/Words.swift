import Foundation

/// `8 times faster than ip -batch with 100,000 routes`, and figures as people read them.
extension Target {
    package func text(unit: String) -> String {
        let place = "with \(counted(size)) \(unit)"
        return switch measure {
        case .atMost(let most, let other): "\(contestant) \(place): at most \(short(most)) times \(other)"
        case .faster(let least, let other):
            "\(contestant) \(place): at least \(short(least)) times faster than \(other)"
        case .seconds(let most): "\(contestant) \(place): at most \(duration(most))"
        case .mebibytes(let most): "\(contestant) \(place): at most \(short(most)) MiB"
        }
    }
}

extension Outcome.Verdict {
    package func text(unit: String) -> String {
        let figure =
            switch target.measure {
            case .atMost, .faster: "\(short(reached)) times"
            case .seconds: duration(reached)
            case .mebibytes: "\(short(reached)) MiB"
            }
        return "\(target.text(unit: unit)): \(figure), \(isMet ? "met" : "**not met**")"
    }
}

/// `100,000`
package func counted(_ number: Int) -> String {
    let digits = String(number)
    return digits.enumerated().map { place, digit in
        let rest = digits.count - place
        return place > 0 && rest % 3 == 0 ? ",\(digit)" : "\(digit)"
    }.joined()
}

/// Three digits that count.
package func short(_ value: Double) -> String {
    switch abs(value) {
    case 0: "0"
    case 100...: String(format: "%.0f", value)
    case 10...: String(format: "%.1f", value)
    default: String(format: "%.2f", value)
    }
}

/// `1.25 s`, `12.5 ms`, `980 µs`
package func duration(_ seconds: Double) -> String {
    switch seconds {
    case 1...: "\(short(seconds)) s"
    case 0.001...: "\(short(seconds * 1e3)) ms"
    default: "\(short(seconds * 1e6)) µs"
    }
}
