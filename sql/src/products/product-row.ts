// A product as PostgreSQL has it.
import type { Prepared, Statements } from "../truth.ts";

/** What may change of a product. */
export interface ProductFacts {
  title: string;
  priceAmount: number;
  priceCurrency: string;
  weightGrams: number;
  lengthMm: number;
  widthMm: number;
  heightMm: number;
  hazmat: boolean;
  oversized: boolean;
  refrigerated: boolean;
  preorder: boolean;
}

export interface ProductRow extends ProductFacts {
  sku: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

const COLUMNS = `sku, title, price_amount AS "priceAmount", price_currency AS "priceCurrency",
  weight_grams AS "weightGrams", length_mm AS "lengthMm", width_mm AS "widthMm", height_mm AS "heightMm", hazmat,
  oversized, refrigerated, preorder, version, created_at AS "createdAt", updated_at AS "updatedAt"`;

function valuesOf(sku: string, facts: ProductFacts): unknown[] {
  return [
    sku,
    facts.title,
    facts.priceAmount,
    facts.priceCurrency,
    facts.weightGrams,
    facts.lengthMm,
    facts.widthMm,
    facts.heightMm,
    facts.hazmat,
    facts.oversized,
    facts.refrigerated,
    facts.preorder,
  ];
}

/** Null: the SKU is taken, and nothing was written. */
export async function insertProduct(
  tx: Statements,
  sku: string,
  facts: ProductFacts,
): Promise<ProductRow | null> {
  const { rows } = await tx.query<ProductRow>(
    `INSERT INTO products (sku, title, price_amount, price_currency, weight_grams, length_mm, width_mm, height_mm,
       hazmat, oversized, refrigerated, preorder)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (sku) DO NOTHING RETURNING ${COLUMNS}`,
    valuesOf(sku, facts),
  );
  return rows[0] ?? null;
}

export async function readProduct(truth: Statements, sku: string): Promise<ProductRow | null> {
  const { rows } = await truth.query<ProductRow>(`SELECT ${COLUMNS} FROM products WHERE sku = $1`, [sku]);
  return rows[0] ?? null;
}

const READ_PRODUCTS: Prepared = {
  name: "read-products",
  text: `SELECT ${COLUMNS} FROM products WHERE sku = ANY($1)`,
};

/** Those of them that there are. */
export async function readProducts(truth: Statements, skus: readonly string[]): Promise<ProductRow[]> {
  const { rows } = await truth.query<ProductRow>(READ_PRODUCTS, [skus]);
  return rows;
}

export async function lockProduct(tx: Statements, sku: string): Promise<ProductRow | null> {
  const { rows } = await tx.query<ProductRow>(
    `SELECT ${COLUMNS} FROM products WHERE sku = $1 FOR NO KEY UPDATE`,
    [sku],
  );
  return rows[0] ?? null;
}

/** The caller has locked the product. */
export async function updateProduct(tx: Statements, sku: string, to: ProductFacts): Promise<ProductRow> {
  const { rows } = await tx.query<ProductRow>(
    `UPDATE products SET title = $2, price_amount = $3, price_currency = $4, weight_grams = $5, length_mm = $6,
       width_mm = $7, height_mm = $8, hazmat = $9, oversized = $10, refrigerated = $11, preorder = $12,
       version = version + 1, updated_at = clock_timestamp()
     WHERE sku = $1 RETURNING ${COLUMNS}`,
    valuesOf(sku, to),
  );
  if (!rows[0]) throw new Error(`product ${sku} was locked but is not there`);
  return rows[0];
}

/** A page of products by SKU, after one. */
export async function listProducts(
  truth: Statements,
  after: string | null,
  limit: number,
): Promise<ProductRow[]> {
  const { rows } = await truth.query<ProductRow>(
    `SELECT ${COLUMNS} FROM products WHERE $1::text IS NULL OR sku > $1 ORDER BY sku LIMIT $2`,
    [after, limit],
  );
  return rows;
}
