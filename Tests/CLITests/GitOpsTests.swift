import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

/// A repository of topologies on a machine that is host A of them, with what `contrib/ci` gives such a repository.
private struct NetworkRepository {
    let machine: Machine
    let path = "/run/network"

    /// Nobody's settings but these, and no name that git would have to guess.
    static let environment =
        [
            "PATH=\(URL(filePath: Weft.path).deletingLastPathComponent().path):/usr/sbin:/usr/bin:/sbin:/bin",
            "WEFT=\(Repository.root.path)", "HOME=/run", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
        ]
        + ["AUTHOR", "COMMITTER"].flatMap { ["GIT_\($0)_NAME=weft", "GIT_\($0)_EMAIL=weft@example.org"] }

    init() throws {
        machine = try Machine()
        try git(
            """
            git init --quiet --initial-branch=main
            mkdir topology ci
            cp "$WEFT"/topologies/calico-fragments/*.json topology/
            cp "$WEFT"/contrib/ci/*.sh ci/
            git add .
            git commit --quiet --message Start
            """)
    }

    /// Runs a script in the repository as a CI runner does, to its first failure.
    func run(_ script: String, _ variables: [String: String] = [:]) throws -> Finished {
        let own = variables.map { "\($0.key)=\($0.value)" }
        return try machine.run(
            ["env", "-i"] + Self.environment + own + ["sh", "-eu"],
            input: "mkdir -p \(path)\ncd \(path)\n" + script)
    }

    func git(_ script: String) throws {
        let finished = try run(script)
        try #require(finished.status == 0, "\(finished.errors)")
    }

    func write(_ text: String, _ name: String) throws {
        try git("cat >topology/\(name) <<'END'\n\(text)\nEND\ngit add topology\ngit commit --quiet --message \(name)")
    }

    var containers: [String] { get throws { try machine.namespaces } }
}

/// A workflow of `contrib/ci`: for each job the commands that its runner runs.
struct Workflow: Sendable, CustomTestStringConvertible {
    let name: String

    var testDescription: String { name }

    func commands(of job: String) throws -> [String] {
        let file = Repository.root.appending(path: "contrib/ci/\(name).yml").path
        let read = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1])), default=str))"
        let finished = try run(["/usr/bin/python3", "-c", read, file])
        try #require(finished.status == 0, "\(finished.errors): install python3-yaml")
        let document = try JSON(parsing: finished.output)
        let steps = document["jobs"]?[job]?["steps"]?.array?.compactMap { $0["run"]?.string }
        return try #require(steps ?? document[job]?["script"]?.array?.compactMap(\.string))
    }
}

@Suite(.namespaces)
struct GitOpsTests {
    private static let workflows = [Workflow(name: "github"), Workflow(name: "gitlab")]
    private static let fourth = """
        { "version": 1, "hosts": [{ "name": "A", "containers": [{ "name": "A4", "address": "172.17.8.10" }] }] }
        """
    private let repository: NetworkRepository

    init() throws {
        repository = try NetworkRepository()
    }

    /// What GitHub and GitLab set for a change to main, and for a host's runner.
    private let variables = [
        "BASE": "main", "CI_MERGE_REQUEST_DIFF_BASE_SHA": "main", "HOST": "A", "GITHUB_STEP_SUMMARY": "/run/summary.md",
    ]

    private func run(_ job: String, of workflow: Workflow) throws -> Finished {
        let commands = try workflow.commands(of: job)
        try #require(!commands.isEmpty)
        return try repository.run(commands.joined(separator: "\n"), variables)
    }

    @Test(arguments: workflows)
    func `a good change passes, and its report tells what it would do`(_ workflow: Workflow) throws {
        try repository.git("git switch --quiet --create change")
        try repository.write(Self.fourth, "40-A4.json")
        let finished = try run("check", of: workflow)
        #expect(finished.status == 0, "\(finished.errors)")
        #expect(finished.output.contains("pairs reachable by icmp, tcp and udp"))
        let report = try repository.run("cat weft-diff.md").output
        #expect(report.contains("**Diff: 1 host changes, 1 does not; 0 pairs lost, 10 gained, 0 changed.**"))
        #expect(report.contains("`topology` → `topology`"))
        #expect(report.contains("# topology/40-A4.json:1:57"))
        let shown = workflow.name == "github" ? try repository.run("cat /run/summary.md").output : finished.output
        #expect(shown.contains(report))
    }

    @Test(arguments: workflows)
    func `a bad change is stopped at the place of its mistake`(_ workflow: Workflow) throws {
        try repository.git("git switch --quiet --create change")
        try repository.write(Self.fourth.replacing("172.17.8.10", with: "172.17.88.10"), "40-A4.json")
        let finished = try run("check", of: workflow)
        #expect(finished.status == 4)
        #expect(finished.errors.contains("topology/40-A4.json:1:84: error: "))
        #expect(try repository.run("test -e weft-diff.md").status != 0)
    }

    @Test(arguments: workflows)
    func `what is merged comes to a host by a plan, is watched for drift, and goes by a revert`(_ workflow: Workflow)
        throws
    {
        for job in ["plan", "apply", "drift"] {
            let finished = try run(job, of: workflow)
            #expect(finished.status == 0, "\(job): \(finished.errors)")
        }
        #expect(try repository.containers == ["A1", "A2", "A3"])
        try repository.write(Self.fourth, "40-A4.json")
        #expect(try run("drift", of: workflow).status == 2)
        #expect(try run("plan", of: workflow).output.contains("+ netns     A4"))
        #expect(try run("apply", of: workflow).status == 0)
        #expect(try repository.containers.contains("A4"))
        try repository.git("git revert --no-edit HEAD")
        #expect(try run("plan", of: workflow).status == 0)
        #expect(try run("apply", of: workflow).status == 0)
        #expect(try repository.containers == ["A1", "A2", "A3"])
    }

    @Test func `a plan that the host has changed under is refused with 5, and nothing is done`() throws {
        let workflow = Workflow(name: "github")
        #expect(try run("plan", of: workflow).status == 0)
        try repository.machine.script("ip netns add A1")
        let before = try repository.machine.dump()
        let finished = try run("apply", of: workflow)
        #expect(finished.status == 5)
        #expect(finished.errors.contains("netns A1"))
        try expectSame(repository.machine.dump(), before)
    }

    @Test func `who mends an invalid topology is not held up by it`() throws {
        try repository.write("{ nonsense", "90-broken.json")
        try repository.git("git switch --quiet --create mend; git rm --quiet topology/90-broken.json")
        #expect(try repository.run("ci/check.sh main topology report.md; cat report.md").output.contains("not valid"))
        #expect(try repository.run("ci/check.sh main topology report.md").status == 0)
    }

    @Test func `nobody's branch name becomes a command`() throws {
        for job in ["check", "plan", "apply", "drift"] {
            #expect(try Workflow(name: "github").commands(of: job).allSatisfy { !$0.contains("${{") })
        }
    }

    @Test func `a sync turns the link to a valid commit, and leaves it at that when the next is not`() throws {
        let sync = #"ci/sync.sh "$PWD" main topology /run/deployed"#
        let check = "weft check /run/deployed/current/topology"
        let readlink = "readlink /run/deployed/current; git rev-parse HEAD"
        #expect(try repository.run("\(sync); \(check)").status == 0)
        let first = try repository.run(readlink).lines
        #expect(first[0] == "commits/\(first[1])")

        try repository.write("{ nonsense", "90-broken.json")
        let refused = try repository.run(sync)
        #expect(refused.status == 4)
        #expect(refused.errors.contains("90-broken.json:1:3: error:"))
        #expect(try repository.run(readlink).lines[0] == first[0])

        try repository.git("git rm --quiet topology/90-broken.json; git commit --quiet --message Mend")
        try repository.write(Self.fourth, "40-A4.json")
        #expect(try repository.run("\(sync) && \(sync) && \(check)").output.contains("6 containers"))
        let last = try repository.run(readlink).lines
        #expect(last[0] == "commits/\(last[1])")
        try repository.write(Self.fourth.replacing("A4", with: "A5").replacing("8.10", with: "8.11"), "50-A5.json")
        #expect(try repository.run(sync).status == 0)
        #expect(try repository.run("ls /run/deployed/commits | wc -l").output == "2\n")
    }
}

/// What `docs/gitops.md` has its readers type, and what it says that they see.
@Suite(.namespaces)
struct GitOpsDocumentTests {
    private struct Block {
        let language: Substring
        let text: Substring
    }

    private static func blocks() throws -> [Block] {
        let url = Repository.root.appending(path: "docs/gitops.md")
        return try String(contentsOf: url, encoding: .utf8).matches(of: /```([a-z]+)\n((?s:.*?))```/)
            .map { Block(language: $0.1, text: $0.2) }
    }

    @Test func `every command of the document works, and shows what the document says`() throws {
        let blocks = try Self.blocks()
        #expect(blocks.count { $0.language == "sh" } >= 8)
        let machine = try Machine()
        // One shell, as a reader has, which says where each block ends.
        let mark = "== end of block"
        let scripts = blocks.filter { $0.language == "sh" }.map { "{\n\($0.text)} 2>&1\necho '\(mark)'\n" }
        let finished = try machine.run(
            ["env", "-i"] + NetworkRepository.environment + ["sh", "-eu"], input: "cd /run\n" + scripts.joined())
        let outputs = finished.output.components(separatedBy: mark)
        #expect(finished.status == 0, "\(outputs.last ?? "")\(finished.errors)")
        #expect(outputs.count == scripts.count + 1)

        var index = -1
        for block in blocks {
            if block.language == "sh" { index += 1 }
            guard block.language == "text", outputs.indices.contains(index) else { continue }
            for line in block.text.split(separator: "\n") {
                #expect(outputs[index].contains(line), "\(line) is not in:\n\(outputs[index])")
            }
        }
    }
}
