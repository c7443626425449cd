import Applier
import ArgumentParser
import Compiler
import Netlink
import NetnsHarness
import NetworkState

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Tell what this kernel and user can do, and which network profiles that leaves.",
        discussion: """
            Everything is tried for real, in namespaces that end with this command. Exits with 10 where topologies of \
            profile calico cannot be applied and tested. Example: weft doctor --format json
            """
    )

    @Option(help: "How to print the result.")
    var format = OutputFormat.text

    func run() throws {
        // Out of sight once everything is tried.
        let neighbours = try reporting { () throws(SystemError) in try Neighbourhood() }
        let features = KernelFeatures.observe()
        let profiles = NetworkModel.Profile.allCases.map { ProfileOutlook($0, on: features) }
        switch format {
        case .text: Terminal.print(Diagnosis(features: features, profiles: profiles, neighbours: neighbours).text)
        case .json: Terminal.print(Diagnosis(features: features, profiles: profiles, neighbours: neighbours).json.text)
        }
        if !profiles.contains(where: { $0.profile == .calico && $0.isPossible }) {
            throw CommandOutcome.lacking.exitCode
        }
    }
}

/// What `weft doctor` has found, for people and for programs.
struct Diagnosis {
    let features: KernelFeatures
    let profiles: [ProfileOutlook]
    let neighbours: Neighbourhood

    var text: String {
        Columns(features.trials.map { [$0.feature.rawValue, $0.status, $0.remark] }).text
            + "\n" + Columns(profiles.map { [$0.profile.rawValue, $0.obstacle ?? "can run here"] }).text
            + "\n" + neighbours.text
    }

    var json: JSON {
        .object([
            "checks": .array(features.trials.map(\.json)), "profiles": .array(profiles.map(\.json)),
            "labs": neighbours.labs, "containers": .array(neighbours.containers.map(\.json)),
        ])
    }
}

extension FeatureTrial {
    fileprivate var status: String {
        switch result {
        case .works: "ok"
        case .missing: "missing"
        case .untried: "untried"
        }
    }

    fileprivate var detail: String? {
        switch result {
        case .works(let detail): detail
        case .missing(let reason): reason
        case .untried(let other): "needs \(other.rawValue)"
        }
    }

    /// Of what is missing also what it is for, and the way out.
    fileprivate var remark: String {
        guard case .missing(let reason) = result else { return detail ?? "" }
        return "\(reason); needed for \(feature.purpose); way out: \(feature.remedy)"
    }

    fileprivate var json: JSON {
        let isMissing = status == "missing"
        return .members([
            "name": .string(feature.rawValue),
            "status": .string(status),
            "detail": detail.map { .string($0) },
            "purpose": .string(feature.purpose),
            "remedy": isMissing ? .string(feature.remedy) : nil,
        ])
    }
}

extension ProfileOutlook {
    fileprivate var json: JSON {
        .members([
            "name": .string(profile.rawValue),
            "status": unsupported != nil ? "unsupported" : missing.isEmpty ? "ok" : "missing",
            "missing": .array(missing.map { .string($0.rawValue) }),
            "unsupported": unsupported.map { .string($0) },
        ])
    }
}
