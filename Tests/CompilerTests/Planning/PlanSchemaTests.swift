import Compiler
import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

/// What other programs check plans against, held up to the plans that there are.
struct PlanSchemaTests {
    private static let schema = Repository.root.appending(path: "schema/plan.schema.json")

    private func verdicts(on plans: [JSON]) throws -> [String] {
        try SchemaValidation.verdicts(on: plans.map(\.line), schema: Self.schema)
    }

    @Test func `the schema accepts every topology's plan against a machine that has nothing`() throws {
        let plans = try TopologyFile.all.map { file in
            CompiledHost(try load(file.source), host: 0, source: nil).offlinePlan
        }
        #expect(try verdicts(on: plans.map(\.json)) == plans.map { _ in "accepted" })
    }

    @Test func `the schema accepts plans that add, change, replace and remove, and those that cannot be carried out`()
        throws
    {
        let plans = (1...20).flatMap { RandomPlans.of(seed: $0) } + [Sample.conflicting, Sample.replacing, Sample.kept]
        #expect(plans.contains { $0.changes.contains { !$0.takes.isEmpty } })
        #expect(plans.contains { !$0.missingLinks.isEmpty })
        #expect(try verdicts(on: plans.map(\.json)) == plans.map { _ in "accepted" })
    }

    @Test(arguments: [
        ("/changes/0", "colour"), ("/changes/0/before", "colour"), ("/changes/15/takes/0", "colour"), ("", "colour"),
        ("/ledger/entries/0/resources/0/is", "colour"), ("/witness/namespaces/0", "colour"), ("/conflicts/0", "colour"),
    ])
    func `the schema refuses what no plan has`(_ place: String, _ key: String) throws {
        let whole = Sample.whole.json
        let path = place.split(separator: "/").map(String.init)
        let marred = try #require(whole.inserting("red", as: key, at: path[...]))
        let verdicts = try verdicts(on: [whole, marred])
        #expect(verdicts.first == "accepted")
        #expect(verdicts.last?.contains("'colour' was unexpected") == true, "\(verdicts)")
    }

    @Test func `every key is described`() throws {
        let schema = try JSON(parsing: String(contentsOf: Self.schema, encoding: .utf8))
        let definitions = try #require(schema["$defs"]?.object)
        #expect(definitions.count > 15)
        for (name, definition) in definitions {
            #expect(definition["description"]?.string?.isEmpty == false, "\(name)")
            for (key, property) in definition["properties"]?.object ?? [:] {
                let isDescribed = property["description"] != nil || property["$ref"] != nil || property["const"] != nil
                #expect(isDescribed, "\(name).\(key)")
            }
        }
    }
}

extension JSON {
    /// The same with one more member in the object at `path`; nil if there is none.
    fileprivate func inserting(_ value: JSON, as key: String, at path: ArraySlice<String>) -> JSON? {
        guard let step = path.first else {
            return object.map { .object($0.merging([key: value]) { first, _ in first }) }
        }
        if let index = Int(step), var elements = array, elements.indices.contains(index) {
            guard let inner = elements[index].inserting(value, as: key, at: path.dropFirst()) else { return nil }
            elements[index] = inner
            return .array(elements)
        }
        guard var members = object, let inner = members[step]?.inserting(value, as: key, at: path.dropFirst()) else {
            return nil
        }
        members[step] = inner
        return .object(members)
    }
}
