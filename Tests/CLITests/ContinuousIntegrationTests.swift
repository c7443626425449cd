import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

/// What `contrib/` gives to others' CI, run from the YAML as their runners do.
@Suite(.namespaces)
struct ContinuousIntegrationTests {
    private let machine: Machine

    init() throws {
        machine = try Machine()
        try machine.script(
            "mkdir /run/work; cp -r \(Repository.topologies.path) \(Repository.root.path)/schema /run/work/")
    }

    private static func document(_ path: String) throws -> JSON {
        let read = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1])), default=str))"
        let finished = try TestSupport.run(
            ["/usr/bin/python3", "-c", read, Repository.root.appending(path: path).path])
        try #require(finished.status == 0, "\(finished.errors): install python3-yaml")
        return try JSON(parsing: finished.output)
    }

    /// Runs a script as a runner does: in the job's directory, with nothing but the job's variables.
    private func run(_ script: String, in shell: [String], _ variables: [String: String]) throws -> Finished {
        let own = variables.map { "\($0.key)=\($0.value)" }
        return try machine.run(
            ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/run"] + own + shell,
            input: "cd /run/work\n" + script)
    }

    /// Runs the steps of the composite action, with `inputs` besides its defaults.
    private func runAction(_ inputs: [String: String]) throws -> Finished {
        let action = try Self.document("contrib/github-action/action.yml")
        var values = (action["inputs"]?.object ?? [:]).mapValues { $0["default"]?.string ?? "" }
        values.merge(inputs) { $1 }
        var last: Finished?
        for step in action["runs"]?["steps"]?.array ?? [] {
            let script = try #require(step["run"]?.string)
            var variables = ["GITHUB_OUTPUT": "/run/output", "RUNNER_TEMP": "/run"]
            for (name, value) in step["env"]?.object ?? [:] {
                variables[name] = try expand(value.string ?? "", values)
            }
            last = try run(script, in: ["bash", "-eo", "pipefail"], variables)
            if let last, last.status != 0 { return last }
        }
        return try #require(last)
    }

    /// As the runner fills in `${{ inputs.NAME }}` and what an earlier step has put out.
    private func expand(_ text: String, _ inputs: [String: String]) throws -> String {
        let outputs = try machine.run("sh", "-c", "cat /run/output 2>/dev/null || true").lines
        var text = text
        for (name, value) in inputs { text = text.replacing("${{ inputs.\(name) }}", with: value) }
        for line in outputs {
            let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
            text = text.replacing("${{ steps.install.outputs.\(parts[0]) }}", with: parts.last ?? "")
        }
        text = text.replacing(
            "${{ github.action_path }}", with: Repository.root.appending(path: "contrib/github-action").path)
        try #require(!text.contains("${{"), "\(text)")
        return text
    }

    @Test func `no input of the action becomes a command`() throws {
        let action = try Self.document("contrib/github-action/action.yml")
        let scripts = try #require(action["runs"]?["steps"]?.array).compactMap { $0["run"]?.string }
        #expect(scripts.count == 2)
        #expect(scripts.allSatisfy { !$0.contains("${{") })
        for (name, input) in action["inputs"]?.object ?? [:] { #expect(input["description"] != nil, "\(name)") }
    }

    @Test func `the action proves topologies and leaves its reports`() throws {
        let finished = try runAction([
            "weft": Weft.path, "topologies": "topologies/calico-two-*.json topologies/calico-fragments",
        ])
        #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
        try machine.script("test -s /run/work/weft-reports/weft.xml && test -s /run/work/weft-reports/weft.html")
        #expect(try machine.run("cat", "/run/output").output.contains("exit-code=0"))
    }

    @Test func `the action fails with weft's exit code, and hands it on`() throws {
        try machine.script("sed -i 's/172.17.8.2/172.17.88.2/' /run/work/topologies/calico-two-hosts.json")
        let finished = try runAction(["weft": Weft.path, "topologies": "topologies/calico-two-hosts.json"])
        #expect(finished.status == 4, "\(finished.output)\(finished.errors)")
        #expect(try machine.run("cat", "/run/output").output.contains("exit-code=4"))
    }

    @Test(arguments: [("false", Int32(0)), ("true", 1)])
    func `a runner that can test nothing warns, unless it must not`(_ strict: String, _ status: Int32) throws {
        let finished = try runAction([
            "weft": Weft.path, "topologies": "topologies/real-containers.json", "strict-skip": strict,
        ])
        #expect(finished.status == status, "\(finished.output)\(finished.errors)")
        #expect(finished.output.contains("::warning::nothing could be tested") == (strict == "false"))
    }

    @Test func `a weft that is not there is said to be missing`() throws {
        let finished = try runAction(["weft": "/nonexistent/weft", "topologies": "topologies/calico-two-hosts.json"])
        #expect(finished.status == 10)
        #expect(finished.errors.contains("there is no program '/nonexistent/weft'"))
    }

    @Test(arguments: [(false, Int32(0)), (true, 1)])
    func `the template's job proves topologies and leaves its reports where they are looked for`(
        _ isBroken: Bool, _ status: Int32
    ) throws {
        let job = try #require(try Self.document("contrib/gitlab/weft.gitlab-ci.yml")[".weft-test"])
        var variables = (job["variables"]?.object ?? [:]).compactMapValues(\.string)
        variables["WEFT"] = Weft.path
        variables["WEFT_TOPOLOGIES"] =
            "topologies/calico-two-*.json" + (isBroken ? " topologies/sabotaged/missing-*.json" : "")
        let script = try #require(job["script"]?.array).compactMap(\.string).joined(separator: "\n")
        let finished = try run(script, in: ["bash", "-eo", "pipefail"], variables)
        #expect(finished.status == status, "\(finished.output)\(finished.errors)")
        let paths = (job["artifacts"]?["paths"]?.array ?? []) + [job["artifacts"]?["reports"]?["junit"] ?? .null]
        #expect(paths.count == 3)
        for path in paths.compactMap(\.string) where isBroken || !path.hasSuffix(".pcapng") {
            try machine.script("for file in /run/work/\(path); do test -s \"$file\" || exit 1; done")
        }
        #expect(job["allow_failure"]?["exit_codes"]?.array == [3])
    }
}
