"""The page that shows the OpenAPI document: npm's swagger-ui-dist, served by the app itself.

package.json pins it; node_modules is installed with `npm ci` and deployed with the app.
"""
