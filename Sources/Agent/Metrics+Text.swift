extension Metrics {
    /// In Prometheus's text format, version 0.0.4.
    package func text(host: String, mode: String, version: String) -> String {
        let families = [
            Family(
                "weft_agent_build_info", .gauge, "What runs, for which host, and in which mode.",
                ["{version=\(quoted(version)),host=\(quoted(host)),mode=\(quoted(mode))} 1"]),
            Family(
                "weft_agent_applies_total", .counter, "Transactions that changed the host, or were to.",
                Result.allCases.map { "{result=\"\($0)\"} \(applies[$0] ?? 0)" }),
            Family(
                "weft_agent_repairs_total", .counter, "Things put right that somebody had changed or deleted.",
                Self.kinds.map { "{kind=\"\($0)\"} \(repairs[$0] ?? 0)" }),
            Family("weft_agent_drift", .gauge, "Changes that the host is away from its topology.", [" \(drift)"]),
            Family("weft_agent_contested", .gauge, "Things that somebody else keeps undoing.", [" \(contested)"]),
            Family(
                "weft_agent_topology_valid", .gauge, "Whether the topology that is there now can be used.",
                [" \(isTopologyValid ? 1 : 0)"]),
            Family(
                "weft_agent_invalid_topologies_total", .counter, "Topologies that could not be used.",
                [" \(invalidTopologies)"]),
            Family(
                "weft_agent_resyncs_total", .counter, "Comparisons of the whole host with its topology, by cause.",
                Agenda.Cause.allCases.map { "{cause=\"\($0)\"} \(looks[$0] ?? 0)" }),
            Family(
                "weft_agent_kernel_overruns_total", .counter, "Times that the kernel's announcements were lost.",
                [" \(overruns)"]),
            Family(
                "weft_agent_last_apply_timestamp_seconds", .gauge, "When the host was last changed.",
                lastApply.map { [" \($0)"] } ?? []),
        ]
        let name = "weft_agent_apply_duration_seconds"
        let histogram =
            [
                "# HELP \(name) How long transactions took.", "# TYPE \(name) histogram",
            ] + applyDurations.samples(of: name)
        return (families.flatMap(\.lines) + histogram).joined(separator: "\n") + "\n"
    }

    private struct Family {
        enum Kind: String {
            case counter, gauge
        }

        let lines: [String]

        init(_ name: String, _ kind: Kind, _ help: String, _ samples: [String]) {
            lines = ["# HELP \(name) \(help)", "# TYPE \(name) \(kind)"] + samples.map { name + $0 }
        }
    }

    private func quoted(_ value: String) -> String {
        let escaped = value.map { character in
            switch character {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "\n": "\\n"
            default: String(character)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
